using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>A job under way.</summary>
/// <remarks>Thread-safe; <see cref="Progress"/> has one reader.</remarks>
public sealed class JobHandle
{
    private readonly JobTracker tracker;
    private readonly Func<JobTracker, CancellationToken, Task> cancel;

    internal JobHandle(JobTracker tracker, Func<JobTracker, CancellationToken, Task> cancel)
    {
        this.tracker = tracker;
        this.cancel = cancel;
    }

    /// <summary>The job's identity.</summary>
    public Cid JobCid => tracker.Job;

    /// <summary>Its steps as they happen; ends with the job. Steps that nobody reads are kept up to 256, then the oldest is dropped.</summary>
    public IAsyncEnumerable<JobProgress> Progress => tracker.Progress;

    /// <summary>
    /// The result. Fails with <see cref="JobRejectedException"/> or <see cref="JobFailedException"/>; it is settled at the
    /// latest at the job's deadline plus the client's patience.
    /// </summary>
    public Task<JobResult> Completion => tracker.Completion;

    /// <summary>Takes the job back, which works while no miner has begun it. Completes when the pool has agreed; <see cref="Completion"/> then fails with "cancelled".</summary>
    /// <param name="cancellationToken">Stops asking; the pool may still agree.</param>
    /// <exception cref="JobRejectedException">The pool refused; the job goes on.</exception>
    public Task CancelAsync(CancellationToken cancellationToken = default) => cancel(tracker, cancellationToken);
}

/// <summary>A finished job: everything here has been checked against signatures, hashes and CIDs.</summary>
/// <param name="JobCid">The job.</param>
/// <param name="Output">The output's bytes.</param>
/// <param name="OutputCid">The output's CID.</param>
/// <param name="Proof">The miner's proof, with <see cref="ProofSnapshot.Metrics"/>.</param>
/// <param name="ProofCid">The proof's CID.</param>
/// <param name="Miner">Who did it.</param>
/// <param name="EpochId">The epoch that the job is paid in.</param>
public sealed record JobResult(Cid JobCid, ReadOnlyMemory<byte> Output, Cid OutputCid, ProofSnapshot Proof, Cid ProofCid, EnsName Miner, string EpochId)
{
    /// <summary>What the job costs, as the pool says; null where it pays its amount, and where the pool does not say any longer.</summary>
    public Usdc? Charge { get; init; }

    /// <summary>What the pool counted and charges for; null as <see cref="Charge"/> is.</summary>
    public JobUsage? Usage { get; init; }
}
