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
