using SwarmPool.Core.Pool;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Announcing;

/// <summary>A job's or a miner's present condition, as the announcement that says so.</summary>
internal static class AnnouncementItems
{
    public static JobNewItem New(JobEntry job) => WithTerms(
        new(job.Cid, job.Client, job.JobType, job.Model, job.Price, job.Attempt, job.DeadlineMs / 1000, job.Miners) { PackCid = job.PackCid, Rates = job.Rates }, job.AttemptMs, job.InputBytes, job.ReservedUntil);

    public static JobNewItem New(JobAccepted job) => WithTerms(
        new(job.Cid, job.Client, job.JobType, job.Model, job.Price, 1, job.DeadlineMs / 1000, job.Miners) { PackCid = job.PackCid, Rates = job.Rates }, job.AttemptMs, job.InputBytes, job.ReservedUntil);

    // Rules 1 did not look at inputs, and what they announced stays what it was.
    private static JobNewItem WithTerms(JobNewItem item, long attemptMs, long? inputBytes, long? reservedUntil) => inputBytes is null
        ? item
        : item with { TimeLimitSeconds = attemptMs / 1000, InputBytes = inputBytes, ReservedUntil = reservedUntil, Funding = JobFunding.Unfunded };

    public static ClaimAcceptedItem Claimed(JobEntry job, Lease lease) => new(
        job.Cid, lease.Attempt, lease.Miner, lease.Fence, lease.Until, lease.LimitUntil)
    { PackCid = job.PackCid };

    public static JobFailedItem Failed(JobEntry job, string reason) =>
        new(job.Cid, job.Client, reason, job.Attempt) { Miner = job.Failure?.Miner, Detail = job.Failure?.Detail };

    public static MinerJoinedItem Joined(MinerEntry miner) => new(miner.Name, miner.Payout, miner.Mode, miner.Models, miner.RegisteredAt);

    /// <summary>Adds what replies a question about the job: who has it, or how it ended, or that it waits.</summary>
    public static void AddCondition(AnnouncementBatch announcements, JobEntry job)
    {
        foreach (var lease in job.Leases)
        {
            announcements.Add(SnapshotTypes.ClaimsAccepted, Claimed(job, lease));
        }

        foreach (var proof in job.Proofs)
        {
            var decided = job.Phase == JobPhase.Completed;
            announcements.Add(SnapshotTypes.ProofsAccepted, new ProofAcceptedItem(
                job.Cid, proof.ProofCid, proof.OutputCid, proof.Attempt, proof.Miner, decided ? EpochAccount.IdOf(job.Epoch) : "", decided)
            { Charge = job.Charge, Usage = job.Usage });
        }

        switch (job.Phase)
        {
            case JobPhase.Pending:
                announcements.Add(SnapshotTypes.JobsNew, New(job));
                break;
            case JobPhase.Cancelled:
                announcements.Add(SnapshotTypes.JobsCancelled, new JobCancelledItem(job.Cid, job.Client));
                break;
            case JobPhase.Failed or JobPhase.Expired:
                announcements.Add(SnapshotTypes.JobsFailed, Failed(job, job.FailReason));
                break;
        }
    }
}
