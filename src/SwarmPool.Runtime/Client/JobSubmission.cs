using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Roles;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>
/// Drives one job to its end: the same bytes in haste until the pool answers, then slowly, since a repeated job makes the
/// pool say again what became of it; and when it is decided, fetch and check.
/// </summary>
internal sealed class JobSubmission(RetryingSender sender, ResultFetcher results, ClientOptions options, Waits waits, JobEventDispatcher underWay, TimeProvider time, ILogger<JobSubmission> logger)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    // A job that no miner takes at once is asked for soon, so that whoever waits hears its place; one of many waits its turn.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private const int Few = 32;

    public async Task RunAsync(SignedSnapshot job, JobTracker tracker, CancellationToken stopped)
    {
        var deadline = DateTimeOffset.FromUnixTimeSeconds(((JobSnapshot)job.Body).Deadline);
        var left = deadline + TimeSpan.FromSeconds(options.PatienceSeconds) - time.GetUtcNow();
        using var patience = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopped);
        try
        {
            await waits.RunAsync(new Wait($"{options.PoolEns} to answer", null, left), () => sender.SendUntilAsync(job, tracker.Answered, both.Token));
            var item = await RepeatUntilDecidedAsync(job, tracker, both.Token);
            tracker.Tell(JobStage.Checking, "Fetching and checking the proof and the output.", item.Attempt, item.Miner);
            await FetchAsync(tracker, item, both.Token);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            tracker.Fail(new JobFailedException(
                tracker.Job, JobFailedException.Stopped, $"The client was stopped before the job {tracker.Job.ToShortString()} ended; the pool may still do it."));
        }
        catch (OperationCanceledException)
        {
            tracker.Fail(Impatient(tracker));
        }
        catch (Exception e) when (e is JobFailedException or JobRejectedException)
        {
            tracker.Fail(e);
        }
        catch (Exception e)
        {
            ClientLog.DriveFailed(logger, e, tracker.Job.ToShortString(), e.Message);
            tracker.Fail(e);
        }
    }

    private async Task<ProofAcceptedItem> RepeatUntilDecidedAsync(SignedSnapshot job, JobTracker tracker, CancellationToken cancellationToken)
    {
        var every = TimeSpan.FromSeconds(options.RepeatSeconds);
        var wait = every > Soon && underWay.Count <= Few && tracker.IsWaiting ? Soon : every;
        while (true)
        {
            try
            {
                return await tracker.Decided.WaitAsync(wait, time, cancellationToken);
            }
            catch (TimeoutException) when (wait == Soon && !tracker.IsWaiting && !tracker.Decided.IsFaulted)
            {
                wait = every; // A miner has it: there is no place to ask for.
            }
            catch (TimeoutException) when (!tracker.Decided.IsFaulted)
            {
                // It may have been decided this very moment: then it is asked once too often, and answered the same.
                wait = every;
                await SendAgainAsync(job, cancellationToken);
            }
        }
    }

    private async Task SendAgainAsync(SignedSnapshot job, CancellationToken cancellationToken)
    {
        try
        {
            await sender.SendAsync(job, cancellationToken);
        }
        catch (TransportException e)
        {
            ClientLog.AskingFailed(logger, job.Cid.ToShortString(), e.Message);
        }
    }

    private async Task FetchAsync(JobTracker tracker, ProofAcceptedItem item, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (result, refusal) = await results.ReadAsync(tracker.Job, item, cancellationToken);
            if (result is not null)
            {
                tracker.Complete(result);
                return;
            }

            if (!PassingRefusals.Contains(refusal!.Code))
            {
                ClientLog.BadProof(logger, tracker.Job.ToShortString(), refusal.ToString());
                throw new JobFailedException(
                    tracker.Job,
                    JobFailedException.BadProof,
                    $"The pool accepted the proof {item.ProofCid} of {item.Miner} for the job {tracker.Job}, but it does not stand up: {refusal}. Nothing of it is returned; keep both CIDs as evidence.");
            }

            ClientLog.NotYetThere(logger, tracker.Job.ToShortString(), refusal.ToString());
            await Task.Delay(AskAgain, time, cancellationToken);
        }
    }

    private JobFailedException Impatient(JobTracker tracker) => tracker.Decided.IsCompletedSuccessfully
        ? new JobFailedException(
            tracker.Job,
            JobFailedException.OutputUnavailable,
            $"The job {tracker.Job.ToShortString()} is done, but its proof or output was unavailable. Fetch the output {tracker.Decided.Result.OutputCid} later.")
        : new JobFailedException(
            tracker.Job,
            JobFailedException.NotAnswered,
            $"The pool {options.PoolEns} did not say what became of the job {tracker.Job.ToShortString()} within its deadline and {options.PatienceSeconds} s more. Check the pool's name, the transport, and that its daemon runs.");
}
