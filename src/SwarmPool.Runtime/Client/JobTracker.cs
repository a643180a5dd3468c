using SwarmPool.Identity;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>One job's tracker as the pool tells it. Opened before the job is sent, so that no answer is missed.</summary>
internal sealed class JobTracker(Cid job, int replicas) : JobEventHandler
{
    private readonly Lock gate = new();
    private readonly JobStory story = new(replicas);
    private readonly Dictionary<Cid, ProofAcceptedItem> proofs = [];
    private readonly TaskCompletionSource answered = New();
    private readonly TaskCompletionSource<ProofAcceptedItem> decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<JobResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<JobRejectedException?> cancelAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Cid Job => job;

    /// <summary>The step told last; null before the first.</summary>
    public JobProgress? Latest => story.Latest;

    public IAsyncEnumerable<JobProgress> Progress => story.Steps;

    public Task<JobResult> Completion => completion.Task;

    /// <summary>The pool has the job, or has refused it: no more haste.</summary>
    public Task Answered => answered.Task;

    /// <summary>The proof that the pool decided the job by; fails when there will be none.</summary>
    public Task<ProofAcceptedItem> Decided => decided.Task;

    public void Tell(JobStage stage, string text, int attempt = 0, EnsName? miner = null) => story.Tell(new JobProgress(stage, text, attempt, miner));

    /// <summary>The answer to a cancellation that is sent from now on: null when the pool agreed.</summary>
    public Task<JobRejectedException?> ExpectCancelAnswer()
    {
        lock (gate)
        {
            if (cancelAnswer.Task.IsCompleted)
            {
                cancelAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return cancelAnswer.Task;
        }
    }

    public void Complete(JobResult result)
    {
        completion.TrySetResult(result);
        story.End();
    }

    public void Fail(Exception why)
    {
        answered.TrySetResult();
        if (completion.TrySetException(why))
        {
            _ = completion.Task.Exception; // Seen: nobody has to await a job that he gave up.
        }

        decided.TrySetException(why);
        _ = decided.Task.Exception;
        story.End();
    }

    public override void OnWaiting(JobNewItem item)
    {
        if (item.Miners == 0)
        {
            Tell(JobStage.NoMiner, $"No registered miner offers the model {item.Model} yet; the job waits.", item.Attempt);
        }
        else
        {
            Tell(JobStage.Waiting, $"The pool has the job; {item.Miners} miners offer {item.Model}.", item.Attempt);
        }

        answered.TrySetResult(); // Last, here and below: who waits for it finds the step.
    }

    public override void OnClaimed(ClaimAcceptedItem item)
    {
        Tell(JobStage.Claimed, $"{item.Miner} works on it.", item.Attempt, item.Miner);
        answered.TrySetResult();
    }

    public override void OnClaimEnded(ClaimTimeoutItem item) => story.Tell(new JobProgress(
        JobStage.AttemptEnded,
        item.Detail is { } why ? $"{NoProof(item.Reason, item.Miner, why)}." : $"{item.Miner} {Ended(item.Reason)} ({item.Reason}).",
        item.Attempt,
        item.Miner)
    { Detail = item.Detail });

    public override void OnProved(ProofAcceptedItem item)
    {
        Tell(JobStage.Proved, $"{item.Miner} proved it.", item.Attempt, item.Miner);
        answered.TrySetResult();
        ProofAcceptedItem? agreed;
        lock (gate)
        {
            if (proofs.Count < 64 || proofs.ContainsKey(item.ProofCid))
            {
                proofs[item.ProofCid] = item;
            }

            agreed = item.Decided ? Agreed(item) : null;
        }

        if (agreed is not null)
        {
            decided.TrySetResult(agreed with { EpochId = item.EpochId, Charge = item.Charge, Usage = item.Usage });
        }
    }

    public override void OnFailed(JobFailedItem item) => Fail(new JobFailedException(
        job,
        item.Reason,
        $"The job {job.ToShortString()} will not be done: {item.Reason}, after {item.Attempts} attempts. {LastFailure(item)}Nobody pays for it.")
    { Miner = item.Miner, Detail = item.Detail });

    public override void OnCancelled(JobCancelledItem item)
    {
        lock (gate)
        {
            cancelAnswer.TrySetResult(null);
        }

        Fail(new JobFailedException(job, JobFailedException.Cancelled, $"The job {job.ToShortString()} was taken back. Nobody pays for it."));
    }

    public override void OnRefused(JobRejectedItem item)
    {
        if (PassingRefusals.Contains(item.Code))
        {
            Tell(JobStage.Deferred, $"The pool asks to wait: {item.Code}: {item.Reason}");
        }
        else if (item.Request == SnapshotTypes.Cancel)
        {
            lock (gate)
            {
                cancelAnswer.TrySetResult(new JobRejectedException(job, item.Code, item.Reason));
            }
        }
        else if (!answered.Task.IsCompleted)
        {
            Fail(new JobRejectedException(job, item.Code, item.Reason));
        }
    }

    /// <summary>
    /// The proof whose output most replicas gave, if that is more than half of those asked for. A pool says "decided" of
    /// all proofs of a decided job, so the client counts for itself; null while those that it has heard of don't tell (it
    /// asks again). Proofs of a round that came to no agreement are among them, hence "most" and not "more than half of all".
    /// </summary>
    private ProofAcceptedItem? Agreed(ProofAcceptedItem last)
    {
        var most = proofs.Values
            .GroupBy(p => p.OutputCid)
            .OrderByDescending(g => g.Count())
            .ThenByDescending(g => g.Key == last.OutputCid)
            .First();
        return most.Count() * 2 > replicas ? most.Last() : null;
    }

    private static string LastFailure(JobFailedItem item) =>
        item is { Miner: { } miner, Detail: { } why } ? $"{NoProof(LeaseEndReasons.Failed, miner, why)}. " : "";

    private static string NoProof(string reason, EnsName miner, string why) => $"No proof: {reason} ({miner}: {why.TrimEnd('.')})";

    // Where the miner says no more, what went wrong is on its own screen and in its log.
    private static string Ended(string reason) => reason switch
    {
        LeaseEndReasons.Failed => "could not do it and gave it back; its own screen and log say why",
        LeaseEndReasons.Released => "stops and gave it back",
        _ => "gave no proof in time",
    };

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
