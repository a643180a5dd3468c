using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Listing;

/// <summary>
/// What became of each job, from events alone. It is <see cref="PoolState"/> with less: that remembers a finished job until an hour after its
/// deadline, to answer late questions, and this forgets it at once.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class JobFold(JobListFilter filter)
{
    private readonly Dictionary<Cid, OpenJob> open = [];
    private readonly FirstFew<ListedJob> found = new(filter.Range.Limit);
    private long number;
    private long epoch;

    public void Apply(PoolRecord record)
    {
        foreach (var e in record.Events)
        {
            Apply(e, record.At);
        }
    }

    /// <summary>Nothing comes after: those that are open stand as they do.</summary>
    public FirstFew<ListedJob> End()
    {
        foreach (var job in open.Values)
        {
            Offer(job, job.HasRoom ? JobListStatus.Waiting : JobListStatus.Claimed, null, null);
        }

        return found;
    }

    private void Apply(PoolEvent e, long at)
    {
        switch (e)
        {
            case EpochOpened opened: epoch = opened.Number; break;
            case JobAccepted accepted: Accept(accepted, at); break;
            case JobClaimed claimed when open.TryGetValue(claimed.Cid, out var job): job.Holders.Add(claimed.Miner); break;
            case LeaseEnded ended when open.TryGetValue(ended.Cid, out var job):
                job.Holders.Remove(ended.Miner);
                job.WasTried |= ended.Miner == filter.Miner;
                break;
            case ProofAccepted proof when open.TryGetValue(proof.Cid, out var job):
                job.Holders.Remove(proof.Miner);
                job.Provers.Add(proof.Miner);
                break;
            case ReplicaAdded added when open.TryGetValue(added.Cid, out var job): job.Replicas++; break;
            case JobRequeued requeued when open.TryGetValue(requeued.Cid, out var job): job.Requeue(requeued.Attempt, filter.Miner); break;
            case JobDecided decided: Finish(decided.Cid, JobListStatus.Decided, null, at); break;
            case JobFailed failed: Finish(failed.Cid, failed.Reason == JobFailReasons.Expired ? JobListStatus.Expired : JobListStatus.Failed, failed.Reason, at); break;
            case JobCancelled cancelled: Finish(cancelled.Cid, JobListStatus.Cancelled, null, at); break;
            default: break; // About no job.
        }
    }

    // What can't pass the filter any more is not remembered at all.
    private void Accept(JobAccepted e, long at)
    {
        number++;
        if ((filter.Client is null || e.Client == filter.Client) && (filter.Model is null || e.Model == filter.Model)
            && (filter.Before is null || number < filter.Before) && filter.Range.Holds(at))
        {
            open[e.Cid] = new OpenJob(e, number, at);
        }
    }

    private void Finish(Cid cid, JobListStatus status, string? reason, long at)
    {
        if (open.Remove(cid, out var job))
        {
            Offer(job, status, reason, at);
        }
    }

    private void Offer(OpenJob job, JobListStatus status, string? reason, long? endedAt)
    {
        IReadOnlyList<EnsName> miners = status == JobListStatus.Decided ? [.. job.Provers] : [.. job.Provers, .. job.Holders];
        if ((filter.Status is { } asked && asked != status) || (filter.Miner is { } miner && !job.WasTried && !miners.Contains(miner)))
        {
            return;
        }

        var e = job.Accepted;
        found.Offer(
            new ListedJob(
                job.Number, e.Cid, status, e.Client, e.JobType, e.Model, e.Price, job.AcceptedAt, e.DeadlineMs, job.Attempt, miners, reason,
                status == JobListStatus.Decided ? EpochAccount.IdOf(epoch) : null, endedAt),
            job.Number);
    }

    private sealed class OpenJob(JobAccepted accepted, long number, long acceptedAt)
    {
        public JobAccepted Accepted => accepted;

        public long Number => number;

        public long AcceptedAt => acceptedAt;

        public int Replicas { get; set; } = accepted.Replicas;

        public int Attempt { get; private set; } = 1;

        public bool WasTried { get; set; }

        public List<EnsName> Holders { get; } = new(1);

        public List<EnsName> Provers { get; } = new(1);

        public bool HasRoom => Holders.Count + Provers.Count < Replicas;

        public void Requeue(int attempt, EnsName? miner)
        {
            Attempt = attempt;
            if (Provers.Count == Replicas)
            {
                WasTried |= miner is { } name && Provers.Contains(name);
                Provers.Clear(); // The replicas did not agree: all of them are asked again.
            }
        }
    }
}
