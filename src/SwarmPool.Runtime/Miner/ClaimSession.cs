using SwarmPool.Identity;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// A miner's dealings with one attempt at one job, from its claim to the pool's last answer: whatever the pool says of it
/// completes one of the tasks here. It is opened before anything is sent, so that no answer is missed.
/// </summary>
internal sealed class ClaimSession(Cid job, int attempt, EnsName own) : JobEventHandler
{
    private readonly TaskCompletionSource<ClaimOutcome> claimed = New<ClaimOutcome>();
    private readonly TaskCompletionSource<string> ended = New<string>();
    private readonly TaskCompletionSource<ProofOutcome> proved = New<ProofOutcome>();
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Cid Job => job;

    public int Attempt => attempt;

    /// <summary>A proof is on its way: the claim is not given back any more.</summary>
    public bool ProofSent { get; set; }

    /// <summary>How the claim went.</summary>
    public Task<ClaimOutcome> Claimed => claimed.Task;

    /// <summary>The won claim has ended, and why.</summary>
    public Task<string> Ended => ended.Task;

    /// <summary>What became of the proof.</summary>
    public Task<ProofOutcome> Proved => proved.Task;

    /// <summary>A release has been answered.</summary>
    public Task Released => released.Task;

    public override void OnClaimed(ClaimAcceptedItem item)
    {
        if (item.Attempt == attempt && item.Miner == own)
        {
            claimed.TrySetResult(new ClaimOutcome.Won(item));
        }
        else if (item.Attempt >= attempt)
        {
            claimed.TrySetResult(new ClaimOutcome.Lost(item.Miner));
        }
    }

    public override void OnClaimRefused(ClaimRejectedItem item)
    {
        if (item.Miner != own || item.Attempt != attempt)
        {
            return;
        }

        if (item.Request == SnapshotTypes.Release)
        {
            released.TrySetResult();
        }
        else
        {
            claimed.TrySetResult(new ClaimOutcome.Refused(item.Code, item.Reason));
        }
    }

    public override void OnClaimEnded(ClaimTimeoutItem item)
    {
        if (item.Miner == own && item.Attempt == attempt)
        {
            End(item.Reason);
        }
    }

    public override void OnWaiting(JobNewItem item)
    {
        if (item.Attempt > attempt)
        {
            // The attempt is over, so whatever we had of it is too.
            claimed.TrySetResult(new ClaimOutcome.Gone($"the job is at attempt {item.Attempt} now"));
            released.TrySetResult();
        }
    }

    public override void OnProved(ProofAcceptedItem item)
    {
        if (item.Miner == own && item.Attempt == attempt)
        {
            proved.TrySetResult(new ProofOutcome(item));
            claimed.TrySetResult(new ClaimOutcome.Gone("the pool has this miner's proof already"));
        }

        if (item.Decided)
        {
            Over(item.Miner == own ? "it is completed" : $"{item.Miner} completed it");
        }
    }

    public override void OnProofRefused(ProofRejectedItem item)
    {
        // What passes by itself is no answer: the proof is sent again.
        if (item.Miner == own && item.Attempt == attempt && !PassingRefusals.Contains(item.Code))
        {
            proved.TrySetResult(new ProofOutcome(null, item.Code, item.Reason));
        }
    }

    public override void OnFailed(JobFailedItem item) => Over(item.Reason);

    public override void OnCancelled(JobCancelledItem item) => Over("its client took it back");

    private void Over(string why)
    {
        claimed.TrySetResult(new ClaimOutcome.Gone(why));
        End(why);
    }

    private void End(string why)
    {
        ended.TrySetResult(why);
        released.TrySetResult();
    }

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
