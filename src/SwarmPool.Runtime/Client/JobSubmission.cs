using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>
/// Drives one job to its end: the same bytes in haste until the pool answers, then slowly, since a repeated job makes the
/// pool say again what became of it; and when it is decided, fetch and check.
/// </summary>
internal sealed class JobSubmission(RetryingSender outbox, ResultFetcher results, ClientOptions options, TimeProvider time, ILogger<JobSubmission> logger)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    public async Task RunAsync(SignedSnapshot job, JobTracker course, CancellationToken stopped)
    {
        var deadline = DateTimeOffset.FromUnixTimeSeconds(((JobSnapshot)job.Body).Deadline);
        var left = deadline + TimeSpan.FromSeconds(options.PatienceSeconds) - time.GetUtcNow();
        using var patience = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopped);
        try
        {
            await outbox.SendUntilAsync(job, course.Answered, both.Token);
            var item = await RepeatUntilDecidedAsync(job, course, both.Token);
            course.Tell(JobStage.Checking, "Fetching and checking the proof and the output.", item.Attempt, item.Miner);
            await FetchAsync(course, item, both.Token);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            course.Fail(new JobFailedException(
                course.Job, JobFailedException.Stopped, $"The client was stopped before the job {course.Job.ToShortString()} ended; the pool may still do it."));
        }
        catch (OperationCanceledException)
        {
            course.Fail(Impatient(course));
        }
        catch (Exception e) when (e is JobFailedException or JobRejectedException)
        {
            course.Fail(e);
        }
        catch (Exception e)
        {
            ClientLog.DriveFailed(logger, e, course.Job.ToShortString(), e.Message);
            course.Fail(e);
        }
    }

    private async Task<ProofAcceptedItem> RepeatUntilDecidedAsync(SignedSnapshot job, JobTracker course, CancellationToken cancellationToken)
    {
        var every = TimeSpan.FromSeconds(options.RepeatSeconds);
        while (true)
        {
            try
            {
                return await course.Decided.WaitAsync(every, time, cancellationToken);
            }
            catch (TimeoutException) when (!course.Decided.IsFaulted)
            {
                // It may have been decided this very moment: then it is asked once too often, and answered the same.
                await SendAgainAsync(job, cancellationToken);
            }
        }
    }

    private async Task SendAgainAsync(SignedSnapshot job, CancellationToken cancellationToken)
    {
        try
        {
            await outbox.SendAsync(job, cancellationToken);
        }
        catch (TransportException e)
        {
            ClientLog.AskingFailed(logger, job.Cid.ToShortString(), e.Message);
        }
    }

    private async Task FetchAsync(JobTracker course, ProofAcceptedItem item, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (result, refusal) = await results.ReadAsync(course.Job, item, cancellationToken);
            if (result is not null)
            {
                course.Complete(result);
                return;
            }

            if (!PassingRefusals.Contains(refusal!.Code))
            {
                ClientLog.BadProof(logger, course.Job.ToShortString(), refusal.ToString());
                throw new JobFailedException(
                    course.Job,
                    JobFailedException.BadProof,
                    $"The pool accepted the proof {item.ProofCid} of {item.Miner} for the job {course.Job}, but it does not stand up: {refusal}. Nothing of it is returned; keep both CIDs as evidence.");
            }

            ClientLog.NotYetThere(logger, course.Job.ToShortString(), refusal.ToString());
            await Task.Delay(AskAgain, time, cancellationToken);
        }
    }

    private JobFailedException Impatient(JobTracker course) => course.Decided.IsCompletedSuccessfully
        ? new JobFailedException(
            course.Job,
            JobFailedException.OutputUnavailable,
            $"The job {course.Job.ToShortString()} is done, but its proof or output could not be had. Fetch the output {course.Decided.Result.OutputCid} later.")
        : new JobFailedException(
            course.Job,
            JobFailedException.NotAnswered,
            $"The pool {options.PoolEns} did not say what became of the job {course.Job.ToShortString()} within its deadline and {options.PatienceSeconds} s more. Check the pool's name, the transport, and that its daemon runs.");
}
