using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool;

/// <summary>
/// Which miners have which model, those together that say the same of it: a job is compared with each of those groups, not with each miner.
/// Follows from the miners, and is no part of the state.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class OfferIndex
{
    private readonly Dictionary<string, ModelMiners> byModel = new(StringComparer.Ordinal);

    /// <summary>The miners that have a model; null when none has.</summary>
    public ModelMiners? Of(string model) => byModel.GetValueOrDefault(model);

    /// <summary>Takes a miner in with all that it offers.</summary>
    public void Add(MinerEntry miner)
    {
        foreach (var (model, offer) in OffersOf(miner))
        {
            if (!byModel.TryGetValue(model, out var miners))
            {
                byModel.Add(model, miners = new ModelMiners());
            }

            miners.Add(miner, offer);
        }
    }

    /// <summary>Takes it out, as it went in: before anything of it changes.</summary>
    public void Remove(MinerEntry miner)
    {
        // A model that nobody has any longer is forgotten: names are the miners' to choose.
        foreach (var (model, offer) in OffersOf(miner))
        {
            if (byModel[model].Remove(miner, offer) == 0)
            {
                byModel.Remove(model);
            }
        }
    }

    // A model that is listed twice is had once.
    private static IEnumerable<(string Model, ModelOffer? Offer)> OffersOf(MinerEntry miner)
    {
        var said = miner.Offers?.ToDictionary(static offer => offer.Model, StringComparer.Ordinal);
        return miner.Models.Distinct(StringComparer.Ordinal).Select(model => (model, said?.GetValueOrDefault(model)));
    }
}

/// <summary>The miners that have one model, by what they say of it.</summary>
internal sealed class ModelMiners
{
    private readonly Dictionary<OfferKind, OfferGroup> groups = [];
    private readonly HashSet<long> all = [];

    public int Count => all.Count;

    /// <summary>The miners' numbers, in no order.</summary>
    public IReadOnlyCollection<long> All => all;

    /// <summary>The groups, in no order.</summary>
    public Dictionary<OfferKind, OfferGroup> Groups => groups;

    public void Add(MinerEntry miner, ModelOffer? offer)
    {
        var kind = OfferKind.Of(offer);
        if (!groups.TryGetValue(kind, out var group))
        {
            groups.Add(kind, group = new OfferGroup());
        }

        group.Change(miner, offer, 1);
        all.Add(miner.Number);
    }

    /// <summary>Takes one out; says how many are left.</summary>
    public int Remove(MinerEntry miner, ModelOffer? offer)
    {
        var kind = OfferKind.Of(offer);
        var group = groups[kind];
        group.Change(miner, offer, -1);
        if (group.Count == 0)
        {
            groups.Remove(kind);
        }

        all.Remove(miner.Number);
        return Count;
    }
}

/// <summary>What a job is compared with.</summary>
internal readonly record struct OfferKind(long? MemoryBytes, int? ContextTokens, string? Device, string? Precision, string? Runtime, long MinPriceMicro)
{
    public static OfferKind Of(ModelOffer? offer) => offer is null
        ? default
        : new(offer.MemoryBytes, offer.ContextTokens, offer.Device, offer.Precision, offer.Runtime, offer.MinPrice?.Micro ?? 0);
}

/// <summary>Miners that say the same of a model, and how fast they are.</summary>
internal sealed class OfferGroup
{
    // By token rate those that say one, else by time of a job; with the miner's number, so that two may be as fast.
    private readonly SortedSet<(long Millitokens, long Miner)> rates = [];
    private readonly SortedSet<(long Ms, long Miner)> times = [];

    /// <summary>A time of a job as a part of this: whole numbers can be added up and taken off again.</summary>
    public const long RateUnit = 1_000_000_000_000;

    public int Count { get; private set; }

    /// <summary>How many have measured how fast they are. Believed of miners alone that have a proof that was accepted: a name that did nothing measures nothing.</summary>
    public int Measured => rates.Count + times.Count;

    /// <summary>How many of those say how long a job takes.</summary>
    public int Timed { get; private set; }

    /// <summary>The jobs that those do in <see cref="RateUnit"/> milliseconds, together.</summary>
    public long Throughput { get; private set; }

    /// <summary>The least time that the fastest needs, ms; null when nothing was measured. Who gives tokens needs as long as those of the answer take.</summary>
    public long? LeastMs(int outputTokens)
    {
        var byTokens = rates.Count > 0 ? (long)outputTokens * 1_000_000 / rates.Max.Millitokens : (long?)null;
        var byTime = times.Count > 0 ? times.Min.Ms : (long?)null;
        return byTokens is { } a && byTime is { } b ? Math.Min(a, b) : byTokens ?? byTime;
    }

    public void Change(MinerEntry miner, ModelOffer? offer, int by)
    {
        Count += by;
        if (miner.JobsCompleted == 0 || offer is null)
        {
            return;
        }

        if (offer.MillitokensPerSecond is { } rate)
        {
            Change(rates, rate, miner.Number, by);
        }
        else if (offer.JobMilliseconds is { } time)
        {
            Change(times, time, miner.Number, by);
        }

        if (offer.JobMilliseconds is { } ms)
        {
            Timed += by;
            Throughput += by * (RateUnit / ms);
        }
    }

    private static void Change(SortedSet<(long, long)> set, long value, long miner, int by)
    {
        if (by > 0)
        {
            set.Add((value, miner));
        }
        else
        {
            set.Remove((value, miner));
        }
    }
}
