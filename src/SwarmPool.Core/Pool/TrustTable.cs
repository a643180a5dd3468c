using System.Text.Json.Serialization;
using SwarmPool.Identity;

namespace SwarmPool.Core.Pool;

/// <summary>
/// What payees' work with each model was found to be. Bounded: of the entries without held work the one that changed longest ago is forgotten, and
/// its payee is a newcomer again, who is checked always.
/// </summary>
internal sealed class TrustTable
{
    /// <summary>Entries that are remembered, those with held work beyond.</summary>
    public const int Most = 65_536;

    private readonly SortedDictionary<(EthAddress Payee, string Model), TrustEntry> byKey = new(Order.Instance);
    private readonly SortedSet<(long At, EthAddress Payee, string Model)> idle = new(IdleOrder.Instance);

    public IReadOnlyCollection<TrustEntry> InOrder => byKey.Values;

    public int Count => byKey.Count;

    /// <summary>What is known of a payee's work with a model; null when nothing is.</summary>
    public TrustEntry? Find(EthAddress payee, string model) => byKey.GetValueOrDefault((payee, model));

    /// <summary>The same, or an entry that says nothing.</summary>
    public TrustEntry Of(EthAddress payee, string model) => Find(payee, model) ?? new TrustEntry(payee, model);

    public void Set(TrustEntry entry)
    {
        if (byKey.Remove((entry.Payee, entry.Model), out var old))
        {
            Idle(old, false);
        }

        byKey.Add((entry.Payee, entry.Model), entry);
        Idle(entry, true);
        while (byKey.Count > Most && idle.Count > 0)
        {
            var (_, payee, model) = idle.Min;
            idle.Remove(idle.Min);
            byKey.Remove((payee, model));
        }
    }

    /// <summary>The work of the epochs up to one is paid, or struck: it is held no longer.</summary>
    public void Release(long upTo)
    {
        foreach (var entry in byKey.Values.Where(entry => entry.Held?.Exists(held => held.Epoch <= upTo) == true).ToList())
        {
            var left = entry.Held!.FindAll(held => held.Epoch > upTo);
            Set(entry with { Held = left.Count == 0 ? null : left });
        }
    }

    private void Idle(TrustEntry entry, bool isNow)
    {
        if (entry.Held is not null)
        {
            return;
        }

        if (isNow)
        {
            idle.Add((entry.At, entry.Payee, entry.Model));
        }
        else
        {
            idle.Remove((entry.At, entry.Payee, entry.Model));
        }
    }

    // Not by the culture's order: the same everywhere.
    private sealed class Order : IComparer<(EthAddress Payee, string Model)>
    {
        public static Order Instance { get; } = new();

        public int Compare((EthAddress Payee, string Model) x, (EthAddress Payee, string Model) y) =>
            x.Payee.CompareTo(y.Payee) is var payees && payees != 0 ? payees : string.CompareOrdinal(x.Model, y.Model);
    }

    private sealed class IdleOrder : IComparer<(long At, EthAddress Payee, string Model)>
    {
        public static IdleOrder Instance { get; } = new();

        public int Compare((long At, EthAddress Payee, string Model) x, (long At, EthAddress Payee, string Model) y) =>
            x.At.CompareTo(y.At) is var times && times != 0 ? times : Order.Instance.Compare((x.Payee, x.Model), (y.Payee, y.Model));
    }
}

/// <summary>What a payee's work with a model was found to be.</summary>
internal sealed record TrustEntry(EthAddress Payee, string Model)
{
    /// <summary>Marks by which a payee is no longer asked to check.</summary>
    public const int MostMarks = 2;

    /// <summary>Jobs decided by its work since it was last found wrong, or marked; those that were drawn and nobody checked don't count.</summary>
    public long Decided { get; init; }

    /// <summary>Jobs decided by its work that others had checked.</summary>
    public long Checked { get; init; }

    /// <summary>Times that its work was found wrong.</summary>
    public long Wrong { get; init; }

    /// <summary>Answers that it withheld and checks that were refuted. Forgotten with so many jobs decided that it is drawn least.</summary>
    public int Marks { get; init; }

    /// <summary>Where the sequential test over its scored answers stands.</summary>
    public long LlrMilliNats { get; init; }

    /// <summary>The record by which it was last found wrong: what was decided up to it and is held is never paid. Null: it never was.</summary>
    public long? StruckAt { get; init; }

    /// <summary>What it earned in which epoch and is not paid yet, oldest first; null for nothing.</summary>
    public List<HeldWork>? Held { get; init; }

    /// <summary>Unix ms: when it last changed.</summary>
    public long At { get; init; }

    /// <summary>The sequence of the record by which it last changed.</summary>
    public long Record { get; init; }

    /// <summary>What it would lose, in micro-USDC.</summary>
    [JsonIgnore]
    public long HeldMicro => Held?.Sum(static held => held.Micro) ?? 0;
}

/// <summary>What a payee earned in an epoch with one model.</summary>
internal sealed record HeldWork(long Epoch, long Micro);
