using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Settlement;

/// <summary>What an epoch settles.</summary>
/// <param name="Entries">The paid parts of decided jobs, in the order decided.</param>
/// <param name="Checks">The checks that are paid for.</param>
/// <param name="Refunds">The parts that are not paid, since they were struck.</param>
internal sealed record ReleasedWork(IReadOnlyList<LedgerEntry> Entries, IReadOnlyList<CheckEntry> Checks, IReadOnlyList<RefundItem> Refunds);

/// <summary>What the journal's records decided in epochs whose work is not settled yet, told record by record: from records alone, without the state.</summary>
/// <param name="first">The number of the epoch that the first record belongs to.</param>
/// <remarks>Not thread-safe. It holds the parts of the jobs of those epochs, some 200 bytes each.</remarks>
internal sealed class WorkBook(long first)
{
    private readonly Queue<Page> closed = [];
    private readonly Dictionary<(EthAddress Payee, string Model), long> strikes = [];
    private Page open = new(first);

    /// <summary>What was found wrong in the records that were told: all work of that payee with that model up to there.</summary>
    public IReadOnlyList<StruckWork> Strikes => [.. strikes.Select(static one => new StruckWork(one.Key.Payee, one.Key.Model, one.Value))];

    /// <summary>The next record of the open epoch.</summary>
    public void Add(PoolRecord record)
    {
        open.From = open.From == 0 ? record.Sequence : open.From;
        foreach (var happened in record.Events)
        {
            switch (happened)
            {
                case JobDecided decided:
                    open.Parts.AddRange(EpochRecords.Entries(decided, record.At).Select(entry => new Part(record.Sequence, entry, decided.Model, decided.Client)));
                    break;
                case CheckDecided check when check.Fee > Usdc.Zero:
                    open.Checks.Add(new CheckEntry(check.Cid, new Payee(check.Checker, check.Payee), check.Fee, record.At));
                    break;
                case WorkRefused refused when RefuseReasons.Strikes(refused.Reason):
                    strikes[(refused.Payee, refused.Model)] = record.Sequence;
                    break;
                default:
                    break; // About no money.
            }
        }
    }

    /// <summary>The open epoch's records are all told: the next one's follow.</summary>
    public void End()
    {
        closed.Enqueue(open);
        open = new Page(open.Number + 1);
    }

    /// <summary>Takes out what an epoch settles.</summary>
    /// <param name="to">The last epoch whose work that is; with none the first not settled is after it.</param>
    /// <param name="struck">What is not paid of it.</param>
    public ReleasedWork Release(long to, IReadOnlyList<StruckWork> struck)
    {
        var last = struck.ToDictionary(static one => (one.Payee, one.Model), static one => one.UpTo);
        var (entries, checks, refunds) = (new List<LedgerEntry>(), new List<CheckEntry>(), new List<RefundItem>());
        while (closed.TryPeek(out var next) && next.Number <= to)
        {
            var page = closed.Dequeue();
            checks.AddRange(page.Checks);
            foreach (var (sequence, entry, model, client) in page.Parts)
            {
                if (model is not null && client is { } owner && last.GetValueOrDefault((entry.Miner.Address, model)) >= sequence)
                {
                    refunds.Add(new RefundItem(entry.Job, entry.Proof, owner, entry.Miner.Address, entry.Price));
                }
                else
                {
                    entries.Add(entry);
                }
            }
        }

        Forget();
        return new ReleasedWork(entries, checks, refunds);
    }

    private void Forget()
    {
        var from = closed.TryPeek(out var page) ? page.From : open.From;
        foreach (var (key, upTo) in strikes.ToList())
        {
            if (from > 0 && upTo < from)
            {
                strikes.Remove(key);
            }
        }
    }

    private readonly record struct Part(long Sequence, LedgerEntry Entry, string? Model, EnsName? Client);

    private sealed class Page(long number)
    {
        public long Number => number;

        public long From { get; set; }

        public List<Part> Parts { get; } = [];

        public List<CheckEntry> Checks { get; } = [];
    }
}
