using System.Text.Json.Serialization;
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

    /// <summary>The number of the oldest epoch that is not sealed: all before it are.</summary>
    public long OldestUnsealed => Closed.Count > 0 ? Closed[0].Number : Open!.Number;

    public EpochAccount? FindClosed(long number) => Closed.Find(e => e.Number == number);
}

/// <summary>An epoch's counts. What was decided in it stands in the journal between its two sequences.</summary>
internal sealed class EpochAccount
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

    /// <summary>The record that holds its settlement; 0 until settled.</summary>
    public long SettledSequence { get; set; }

    /// <summary>The policy state that its settlement began with.</summary>
    public string PolicyStateBefore { get; set; } = "";

    [JsonIgnore]
    public string Id => IdOf(Number);

    /// <summary>A copy that no later event changes.</summary>
    public EpochAccount Copy() => (EpochAccount)MemberwiseClone();

    public static string IdOf(long number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"epoch-{number}");
}
