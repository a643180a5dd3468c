using System.Globalization;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Listing;

/// <summary>A miner's work that one epoch paid, by model.</summary>
/// <param name="endedAt">When the epoch ended, unix milliseconds.</param>
/// <param name="paid">What it paid.</param>
internal sealed class EpochWork(long endedAt, Usdc paid)
{
    private readonly SortedDictionary<string, (long Jobs, Usdc Volume)> byModel = new(StringComparer.Ordinal);
    private readonly Dictionary<Cid, Usdc> unknown = []; // Accepted in an epoch before, which is read next.
    private long reached = long.MaxValue;

    public long EndedAt => endedAt;

    /// <summary>The first and the last epoch whose work it is; the epoch's own where nothing is held back.</summary>
    public (long From, long To) Of { get; init; }

    /// <summary>No epoch: there are no records to be read.</summary>
    public static (long From, long To) None => (1, 0);

    /// <summary>What it paid for checks, which have no model.</summary>
    public Usdc ForChecks { get; init; }

    /// <summary>What of that work is not paid: its closing record says it, and is read first.</summary>
    public IReadOnlyList<StruckWork> Struck { get; set; } = [];

    /// <summary>Whether records are still to be read, or the model of a job is still to be found.</summary>
    public bool Waits => unknown.Count > 0 || !IsRead;

    /// <summary>Whether the records of an epoch are about it.</summary>
    public bool Covers(long number) => number >= Of.From && number <= Of.To;

    /// <summary>Whether the records of the epoch that paid it were read: the first of them.</summary>
    public bool HasBegun => reached < long.MaxValue;

    /// <summary>The records of an epoch were read, and of all after it.</summary>
    public void Reach(long number) => reached = number;

    /// <summary>What is only known in part is not split by that part.</summary>
    public void End()
    {
        if (!IsRead)
        {
            byModel.Clear();
            unknown.Clear();
        }
    }

    private bool IsRead => Of.To < Of.From || reached <= Of.From;

    public void Add(JobDecided decided, EnsName miner, string? model)
    {
        foreach (var part in decided.Parts.Where(part => part.Miner == miner))
        {
            if (model is not null)
            {
                Add(model, part.Price);
            }
            else
            {
                unknown[decided.Cid] = unknown.GetValueOrDefault(decided.Cid) + part.Price; // At most one proof of a job is this miner's.
            }
        }
    }

    public void Resolve(Cid job, string model)
    {
        if (unknown.Remove(job, out var price))
        {
            Add(model, price);
        }
    }

    /// <summary>
    /// The payout, split in proportion to the prices, to the micro-unit: what division leaves goes to the largest remainders, of equal ones to
    /// the model that comes first. Without prices it was paid for no job of this epoch, and has no model.
    /// </summary>
    public IEnumerable<ModelEarnings> Split()
    {
        List<(string? Model, long Jobs, Usdc Volume)> all = [.. byModel.Select(static one => ((string?)one.Key, one.Value.Jobs, one.Value.Volume))];
        if (unknown.Count > 0)
        {
            all.Add((null, unknown.Count, unknown.Values.Aggregate(Usdc.Zero, static (sum, price) => sum + price)));
        }

        var prices = all.Aggregate((Int128)0, static (sum, one) => sum + one.Volume.Micro);
        if (paid == Usdc.Zero)
        {
            return [];
        }

        if (prices == 0)
        {
            return [.. all.Select(static one => new ModelEarnings(one.Model, one.Jobs, one.Volume, Usdc.Zero)), new ModelEarnings(null, 0, Usdc.Zero, paid)];
        }

        var parts = all.Select(one => (Whole: (long)((Int128)paid.Micro * one.Volume.Micro / prices), Left: (Int128)paid.Micro * one.Volume.Micro % prices)).ToList();
        var left = paid.Micro - parts.Sum(static part => part.Whole);
        var more = Enumerable.Range(0, all.Count).OrderByDescending(i => parts[i].Left).Take((int)left).ToHashSet();
        return all.Select((one, i) => new ModelEarnings(one.Model, one.Jobs, one.Volume, Usdc.FromMicro(parts[i].Whole + (more.Contains(i) ? 1 : 0))));
    }

    private void Add(string model, Usdc price)
    {
        var before = byModel.GetValueOrDefault(model);
        byModel[model] = (before.Jobs + 1, before.Volume + price);
    }
}

/// <summary>Sums up epoch after epoch.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class EarningsSums(EarningsFilter filter)
{
    private readonly SortedDictionary<string, DayEarnings> days = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModelEarnings> models = new(StringComparer.Ordinal);
    private readonly List<EpochWork> waiting = [];
    private Usdc total;
    private Usdc forChecks;
    private long epochs;

    /// <summary>What is decided and held; null where nothing is, or it is not asked.</summary>
    public HeldFold? Held { get; set; }

    /// <summary>Whether records of older epochs are still to be read.</summary>
    public bool Waits => waiting.Count > 0 || Held is { Waits: true };

    /// <summary>Those of which not all is known yet.</summary>
    public IReadOnlyList<EpochWork> Waiting => waiting;

    /// <summary>An epoch paid so much for checks.</summary>
    public void AddChecks(Usdc amount) => forChecks += amount;

    /// <summary>An epoch paid so much.</summary>
    public void Add(long endedAt, Usdc amount)
    {
        if (amount == Usdc.Zero)
        {
            return;
        }

        var within = Math.Clamp(endedAt, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()); // It is the pool's number.
        var day = DateTimeOffset.FromUnixTimeMilliseconds(within).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var before = days.GetValueOrDefault(day) ?? new DayEarnings(day, 0, Usdc.Zero);
        days[day] = before with { Epochs = before.Epochs + 1, Amount = before.Amount + amount };
        total += amount;
        epochs++;
    }

    /// <summary>An epoch paid for this; its records are to be read.</summary>
    public void Expect(EpochWork work) => waiting.Add(work);

    /// <summary>The records of an epoch were read. Those of which all is known by now are summed up.</summary>
    public void BookKnown()
    {
        foreach (var known in waiting.Where(static one => !one.Waits).ToList())
        {
            Book(known);
            waiting.Remove(known);
        }
    }

    /// <summary>A job was for a model.</summary>
    public void Resolve(Cid job, string model) => waiting.ForEach(one => one.Resolve(job, model));

    /// <summary>Nothing more is read.</summary>
    public MinerEarnings End(EnsName pool, EnsName miner, string? first, string? last, EarningsGap? gap)
    {
        foreach (var work in waiting)
        {
            work.End();
            Book(work);
        }

        var shown = days.Values.Reverse().Take(filter.Range.Limit).ToList();
        return new MinerEarnings(
            pool, miner, total, epochs, first, last, shown, days.Count - shown.Count,
            filter.ByModel ? [.. models.Values.OrderByDescending(static one => one.Amount.Micro).ThenBy(static one => one.Model, StringComparer.Ordinal)] : null, gap)
        {
            ForChecks = forChecks > Usdc.Zero ? forChecks : null,
            Held = Held?.Epochs,
        };
    }

    private void Book(EpochWork work)
    {
        var counted = work.ForChecks;
        foreach (var part in work.Split().Where(part => filter.Model is null || part.Model == filter.Model))
        {
            var before = models.GetValueOrDefault(part.Model ?? "") ?? new ModelEarnings(part.Model, 0, Usdc.Zero, Usdc.Zero);
            models[part.Model ?? ""] = before with { Jobs = before.Jobs + part.Jobs, Volume = before.Volume + part.Volume, Amount = before.Amount + part.Amount };
            counted += part.Amount;
        }

        Add(work.EndedAt, counted);
    }
}
