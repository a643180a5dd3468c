using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Listing;

/// <summary>What the records of one epoch say of a miner's work, and of the models of jobs.</summary>
/// <param name="miner">The miner.</param>
/// <remarks>Not thread-safe. Memory: the jobs that are open at one time, and the miner's own that are decided.</remarks>
internal sealed class EpochRecordsFold(EnsName miner)
{
    private readonly Dictionary<Cid, string> models = [];
    private readonly List<(long Sequence, JobDecided Job)> decided = [];
    private readonly List<(long Sequence, WorkRefused Work)> refused = [];
    private EpochClosed? closed;
    private PoolStarted? started;

    public void Add(PoolRecord record, EarningsSums sums)
    {
        foreach (var e in record.Events)
        {
            switch (e)
            {
                case JobAccepted accepted:
                    sums.Resolve(accepted.Cid, accepted.Model);
                    models[accepted.Cid] = accepted.Model;
                    break;
                case JobDecided job when job.Parts.Any(part => part.Miner == miner):
                    decided.Add((record.Sequence, job)); // Its model stays until it is asked for.
                    break;
                case JobDecided job: models.Remove(job.Cid); break;
                case JobFailed failed: models.Remove(failed.Cid); break;
                case JobCancelled cancelled: models.Remove(cancelled.Cid); break;
                case WorkRefused work when RefuseReasons.Strikes(work.Reason): refused.Add((record.Sequence, work)); break;
                case EpochClosed ended: closed = ended; break;
                case PoolStarted start: started = start; break;
                default: break; // About no price.
            }
        }
    }

    /// <summary>All of them were read, and are what the epoch says.</summary>
    public void End(EpochSnapshot epoch, EarningsSums sums)
    {
        foreach (var work in sums.Waiting)
        {
            work.Struck = work.HasBegun ? work.Struck : closed?.Struck ?? [];
            foreach (var (sequence, job) in work.Covers(epoch.Number) ? decided : [])
            {
                work.Add(Without(job, sequence, work.Struck), miner, models.GetValueOrDefault(job.Cid));
            }

            work.Reach(epoch.Number);
        }

        if (sums.Held is { } held && held.Covers(epoch.Number))
        {
            held.Read(epoch.Number, decided, refused, started);
        }
    }

    private static JobDecided Without(JobDecided job, long sequence, IReadOnlyList<StruckWork> struck) => struck.Count == 0
        ? job
        : job with { Parts = [.. job.Parts.Where(part => !struck.Any(one => one.Payee == part.Payee && one.Model == job.Model && one.UpTo >= sequence))] };
}
