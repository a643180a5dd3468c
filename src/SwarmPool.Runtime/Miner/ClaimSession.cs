using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
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
    private readonly TaskCompletionSource<CommitOutcome> committed = New<CommitOutcome>();
    private readonly TaskCompletionSource wanted = New();
    private readonly TaskCompletionSource left = New();
    private readonly TaskCompletionSource scored = New();
    private readonly TaskCompletionSource released = New();
    private readonly Lock gate = new();
    private readonly List<SignedSnapshot> sent = [];
    private volatile TaskCompletionSource<ProofOutcome> proved = New<ProofOutcome>();

    public Cid Job => job;

    public int Attempt => attempt;

    /// <summary>The check that the pool gave; null for a claim.</summary>
    public CheckNewItem? Check { get; init; }

    /// <summary>A commitment, a proof or what a check says is on its way: the claim is not given back any more.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>The pool has a commitment of ours: the claim does not end by its own limit, and what was done is shown sooner or later.</summary>
    public bool IsCommitted => committed.Task is { IsCompletedSuccessfully: true, Result.Taken: not null };

    /// <summary>What was signed of the work, in order.</summary>
    public IReadOnlyList<SignedSnapshot> Sent
    {
        get
        {
            lock (gate)
            {
                return [.. sent];
            }
        }
    }

    /// <summary>How the claim went.</summary>
    public Task<ClaimOutcome> Claimed => claimed.Task;

    /// <summary>The won claim has ended, and why.</summary>
    public Task<string> Ended => ended.Task;

    /// <summary>What became of the commitment.</summary>
    public Task<CommitOutcome> Committed => committed.Task;

    /// <summary>The pool wants to see what was committed to.</summary>
    public Task Wanted => wanted.Task;

    /// <summary>There is nothing to do but to wait for others: whoever works here may turn to another job.</summary>
    public Task LeftWaiting => left.Task;

    /// <summary>What became of the proof.</summary>
    public Task<ProofOutcome> Proved => proved.Task;

    /// <summary>The pool has answered what this miner said of another's answer.</summary>
    public Task Checked => scored.Task;

    /// <summary>A release has been answered.</summary>
    public Task Released => released.Task;

    /// <summary>Notes what is about to be sent, to know its answer by.</summary>
    public void Sends(SignedSnapshot snapshot)
    {
        IsAnswered = true;
        lock (gate)
        {
            sent.Add(snapshot);
        }
    }

    /// <summary>The pool takes no proof without a commitment: whatever it said of the one that was sent is no answer to the next.</summary>
    public void BeginAnew()
    {
        lock (gate)
        {
            proved = New<ProofOutcome>();
            sent.Clear();
        }
    }

    public override void OnCommitted(ProofCommittedItem item)
    {
        if (item.Miner != own || item.Attempt != attempt)
        {
            return;
        }

        if (item.Reveal == RevealTimes.Now)
        {
            wanted.TrySetResult();
        }

        committed.TrySetResult(new CommitOutcome(item));
        if (item.Reveal == RevealTimes.Wait)
        {
            left.TrySetResult();
        }
    }

    public override void OnCheckDecided(CheckDecidedItem item)
    {
        if (item.Checker == own)
        {
            scored.TrySetResult();
        }
    }

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
        // What passes by itself is no answer: the same is sent again.
        if (item.Miner != own || PassingRefusals.Contains(item.Code))
        {
            return;
        }

        lock (gate)
        {
            switch (sent.Find(one => one.Cid == item.ProofCid)?.Body)
            {
                case CommitmentSnapshot when !committed.TrySetResult(new CommitOutcome(null, item.Code, item.Reason)):
                    End($"{item.Code}: {item.Reason}"); // It was taken, and while it waited the claim was lost.
                    break;
                case CheckSnapshot:
                    End($"{item.Code}: {item.Reason}");
                    break;
                case ProofSnapshot:
                    proved.TrySetResult(new ProofOutcome(null, item.Code, item.Reason));
                    break;
            }
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

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
