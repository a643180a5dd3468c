using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>The open epoch, and those that are closed but not sealed yet, oldest first.</summary>
internal sealed class EpochTable
{
    public EpochAccount? Open { get; set; }

    public List<EpochAccount> Closed { get; } = [];

    /// <summary>The CID of the last sealed epoch; empty before the first.</summary>
    public Cid LastSealed { get; set; }

    /// <summary>What the policy wants to see again.</summary>
    public string PolicyState { get; set; } = "";

    /// <summary>Closed epochs whose work is not settled yet, oldest first; sealed or not.</summary>
    public List<HeldEpoch> Held { get; } = [];

    /// <summary>What was struck of the work that is not released, in the order of the records.</summary>
    public List<StruckWork> Struck { get; } = [];

    /// <summary>The number of the oldest epoch whose work no sealed epoch pays: that of all before it is paid, or goes back to clients.</summary>
    public long OldestUnpaid => Closed.Select(static closed => closed.WorkFrom ?? closed.Number).Concat(Held.Take(1).Select(static held => held.Number)).Append(Open!.Number).Min();

    /// <summary>What a client owes for decided jobs of epochs whose work no sealed epoch pays yet, in micro-USDC.</summary>
    public long OwedBy(EnsName client) => (Open?.OwedBy(client) ?? 0) + Closed.Sum(epoch => epoch.OwedBy(client)) + Held.Sum(epoch => epoch.OwedBy(client));

    /// <summary>What the work costs that may be settled in one epoch yet: that of the open one and all that is held, in micro-USDC.</summary>
    public long UnreleasedMicro => Open!.Volume.Micro + Held.Sum(static held => held.Volume.Micro);

    public EpochAccount? FindClosed(long number) => Closed.Find(e => e.Number == number);
}

/// <summary>
/// An epoch's counts. What was decided in it stands in the journal between its two sequences. Under rules 3 the counts are of the work that it
/// settles once it is closed: its own is held.
/// </summary>
internal sealed class EpochAccount : IDecidedWork
{
    public required long Number { get; init; }

    public required long StartedAt { get; init; }

    public required long FromSequence { get; init; }

    public required string OpeningState { get; init; }

    public long EndedAt { get; set; }

    public long ToSequence { get; set; }

    public long Jobs { get; set; }

    public long Proofs { get; set; }

    public Usdc Volume { get; set; }

    /// <summary>Rules 2: what its decided jobs cost each client, in micro-USDC, by name; null while there are none.</summary>
    public SortedDictionary<string, long>? Owed
    {
        get;
        set => field = value is null ? null : new(value, StringComparer.Ordinal);
    }

    /// <summary>Rules 3, while it is open: the same by payee and model.</summary>
    public SortedDictionary<string, WorkShare>? Work
    {
        get;
        set => field = value is null ? null : new(value, StringComparer.Ordinal);
    }

    public SortedDictionary<string, long>? Joint
    {
        get;
        set => field = value is null ? null : new(value, StringComparer.Ordinal);
    }

    /// <summary>Rules 3, once it is closed: the first and the last epoch whose work it settles, none when the last is before the first; null: it settles its own.</summary>
    public long? WorkFrom { get; set; }

    public long? WorkTo { get; set; }

    /// <summary>The records of those epochs.</summary>
    public long? WorkFromSequence { get; set; }

    public long? WorkToSequence { get; set; }

    /// <summary>What is not paid of that work; null when all is.</summary>
    public IReadOnlyList<StruckWork>? Struck { get; set; }

    /// <summary>Rules 3: SHA-256 of the secret that its draws are made by; null before it is drawn.</summary>
    public string? DrawCommitment { get; set; }

    /// <summary>Rules 3: the record whose facts hold the secret; null before it is drawn.</summary>
    public long? DrawSequence { get; set; }

    /// <summary>The record that holds its settlement; 0 until settled.</summary>
    public long SettledSequence { get; set; }

    /// <summary>The policy state that its settlement began with.</summary>
    public string PolicyStateBefore { get; set; } = "";

    [JsonIgnore]
    public string Id => IdOf(Number);

    /// <summary>What a client owes for decided jobs of this epoch, in micro-USDC.</summary>
    public long OwedBy(EnsName client) => Owed?.GetValueOrDefault(client.Text) ?? 0;

    /// <summary>Books what a decided job costs its client.</summary>
    public void Owe(EnsName client, long micro)
    {
        Owed ??= [];
        Owed[client.Text] = OwedBy(client) + micro;
    }

    /// <summary>A copy of one that is closed, which no later event changes.</summary>
    public EpochAccount Copy() => (EpochAccount)MemberwiseClone();

    public static string IdOf(long number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"epoch-{number}");
}
