using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Messaging;

/// <summary>Hears what the pool says about one job. Called from the loop that hears the pool: return at once.</summary>
internal abstract class JobEventHandler
{
    public virtual void OnWaiting(JobNewItem item)
    {
    }

    public virtual void OnRefused(JobRejectedItem item)
    {
    }

    public virtual void OnCancelled(JobCancelledItem item)
    {
    }

    public virtual void OnFailed(JobFailedItem item)
    {
    }

    public virtual void OnClaimed(ClaimAcceptedItem item)
    {
    }

    public virtual void OnClaimRefused(ClaimRejectedItem item)
    {
    }

    public virtual void OnClaimEnded(ClaimTimeoutItem item)
    {
    }

    public virtual void OnCommitted(ProofCommittedItem item)
    {
    }

    public virtual void OnCheckDecided(CheckDecidedItem item)
    {
    }

    public virtual void OnProved(ProofAcceptedItem item)
    {
    }

    public virtual void OnProofRefused(ProofRejectedItem item)
    {
    }
}
