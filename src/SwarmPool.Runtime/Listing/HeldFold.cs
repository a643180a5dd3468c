using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Listing;

/// <summary>A miner's work that sealed epochs decided and none pays yet. They are read from the newest back.</summary>
/// <param name="miner">The miner.</param>
/// <param name="from">The first epoch whose work is held.</param>
/// <param name="to">The newest sealed epoch.</param>
/// <param name="hold">For how many epochs that one held work, as far as it shows; null: it does not.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class HeldFold(EnsName miner, long from, long to, long? hold)
{
    private readonly Dictionary<(EthAddress Payee, string Model), long> struck = [];
    private readonly SortedDictionary<long, (long Jobs, Usdc Volume, Usdc Struck)> epochs = [];
    private long reached = to + 1;
    private int? settings;

    /// <summary>Whether records are still to be read.</summary>
    public bool Waits => reached > from;

    /// <summary>Whether the records of an epoch are about it.</summary>
    public bool Covers(long number) => number >= from && number <= to;

    public IReadOnlyList<HeldEarnings> Epochs => [.. epochs.Select(one => new HeldEarnings(
        EpochAccount.IdOf(one.Key), (settings ?? hold) is { } held ? EpochAccount.IdOf(Math.Max(one.Key + held, to + 1)) : null, one.Value.Jobs, one.Value.Volume, one.Value.Struck))];

    /// <summary>The records of an epoch, all of them.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="decided">What they decided, with their sequences.</param>
    /// <param name="refused">What they found wrong.</param>
    /// <param name="started">The last start among them; null when there is none.</param>
    public void Read(long number, IEnumerable<(long Sequence, JobDecided Job)> decided, IEnumerable<(long Sequence, WorkRefused Work)> refused, PoolStarted? started)
    {
        reached = number;
        settings ??= started?.Settings.Checks?.HoldEpochs;
        foreach (var (sequence, work) in refused)
        {
            struck[(work.Payee, work.Model)] = Math.Max(sequence, struck.GetValueOrDefault((work.Payee, work.Model)));
        }

        foreach (var (sequence, job) in decided)
        {
            foreach (var part in job.Parts.Where(part => part.Miner == miner))
            {
                var isStruck = job.Model is { } model && struck.GetValueOrDefault((part.Payee, model)) >= sequence;
                var before = epochs.GetValueOrDefault(number);
                epochs[number] = isStruck
                    ? before with { Struck = before.Struck + part.Price }
                    : before with { Jobs = before.Jobs + 1, Volume = before.Volume + part.Price };
            }
        }
    }
}
