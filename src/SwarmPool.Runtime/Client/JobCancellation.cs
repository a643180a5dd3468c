using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Messaging;

namespace SwarmPool.Runtime.Client;

/// <summary>Takes a job back: asks the pool until it answers, or until the job ends otherwise.</summary>
/// <param name="messages">Signs the cancellation.</param>
/// <param name="sender">Sends it.</param>
/// <param name="life">Ends with the client.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class JobCancellation(ClientMessageFactory messages, RetryingSender sender, CancellationToken life)
{
    /// <summary>Asks once the pool knows the job: a cancellation that overtakes its job would be refused as one of an unknown job.</summary>
    /// <exception cref="JobRejectedException">The pool refused, or the job ended before.</exception>
    public async Task WhenAnsweredAsync(JobTracker tracker, CancellationToken cancellationToken)
    {
        if (tracker.Completion.IsCompleted)
        {
            throw new JobRejectedException(tracker.Job, ErrorCodes.JobNotCancellable, "the job has ended already");
        }

        using var both = CancellationTokenSource.CreateLinkedTokenSource(life, cancellationToken);
        await tracker.Answered.WaitAsync(both.Token);
        await AskAsync(tracker, both.Token);
    }

    /// <summary>Asks now.</summary>
    /// <exception cref="JobRejectedException">The pool refused, or the job ended before.</exception>
    public async Task AskAsync(JobTracker tracker, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(life, cancellationToken);
        var answer = tracker.ExpectCancelAnswer();
        var cancel = await messages.CancelAsync(tracker.Job, both.Token);
        await sender.SendUntilAsync(cancel, Task.WhenAny(answer, tracker.Completion), both.Token);
        if (answer.IsCompleted && await answer is { } refused)
        {
            throw refused;
        }

        if (!answer.IsCompleted)
        {
            throw new JobRejectedException(tracker.Job, ErrorCodes.JobNotCancellable, "the job ended before the pool answered");
        }
    }
}
