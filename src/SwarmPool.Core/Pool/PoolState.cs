using SwarmPool.Settlement;

namespace SwarmPool.Core.Pool;

/// <summary>
/// The pool's state: a fold over events. <see cref="Apply"/> is the only thing that changes it; it does no I/O, reads no
/// clock, draws no random number, and judges nothing.
/// </summary>
/// <remarks>Not thread-safe: the sequencer owns it.</remarks>
internal sealed class PoolState
{
    /// <summary>How long a finished job is remembered beyond its deadline, so that a late question gets its answer.</summary>
    public const long MemoryAfterDeadlineMs = 3_600_000;

    /// <summary>The longest cool-down.</summary>
    public const long MaxCoolDownMs = 3_600_000;

    /// <summary>The longest pause of a client: others may have a hand in its failures, so it is short.</summary>
    public const long MaxClientPauseMs = 600_000;

    public JobTable Jobs { get; } = new();

    public MinerTable Miners { get; } = new();

    public ClientTable Clients { get; } = new();

    public DelegationTable Delegations { get; } = new();

    public EpochTable Epochs { get; } = new();

    /// <summary>What payees' work was found to be; empty before rules 3.</summary>
    public TrustTable Trust { get; } = new();

    /// <summary>How work is checked now; null where it is not.</summary>
    public CheckSettings? Checks => Rules > 2 ? Settings?.Checks : null;

    public DueQueue Due { get; } = new();

    /// <summary>The rules' number; changes only when an epoch opens.</summary>
    public int Rules { get; set; } = 1;

    /// <summary>Null until the first start.</summary>
    public PoolSettings? Settings { get; set; }

    /// <summary>The last daemon's term.</summary>
    public long Term { get; set; }

    /// <summary>The last applied record's sequence and time (unix ms).</summary>
    public long Sequence { get; set; }

    public long At { get; set; }

    /// <summary>The last fence given to a claim.</summary>
    public long Fence { get; set; }

    public long TotalJobs { get; set; }

    public long TotalProofs { get; set; }

    public Usdc TotalVolume { get; set; }

    /// <summary>Applies one record's events.</summary>
    public void Apply(long sequence, long at, IReadOnlyList<PoolEvent> events)
    {
        Sequence = sequence;
        At = at;
        for (var i = 0; i < events.Count; i++)
        {
            ApplyOne(events[i]);
        }

        Prune();
    }

    /// <summary>Drops what is overtaken from the top of what is due.</summary>
    public void Prune() => Due.Prune(entry => DueLife.IsLive(this, entry));

    private void ApplyOne(PoolEvent e)
    {
        switch (e)
        {
            case PoolStarted started: StateChanges.Start(this, started); break;
            case PoolResumed: StateChanges.LiftLeases(this); break;
            case JobAccepted accepted: StateChanges.AddJob(this, accepted); break;
            case JobCancelled cancelled: StateChanges.Finish(this, Jobs[cancelled.Cid], JobPhase.Cancelled); break;
            case JobClaimed claimed: StateChanges.Claim(this, claimed); break;
            case LeaseRenewed renewed: StateChanges.Renew(this, renewed); break;
            case LeaseEnded ended: StateChanges.EndLease(this, ended); break;
            case JobRequeued requeued: StateChanges.Requeue(this, requeued); break;
            case JobFailed failed: StateChanges.Fail(this, failed); break;
            case JobBlamed blamed: StateChanges.Blame(this, blamed); break;
            case JobForgotten forgotten: Jobs.Remove(Jobs[forgotten.Cid]); break;
            case ProofAccepted proof: StateChanges.AddProof(this, proof); break;
            case ReplicaAdded added: Jobs[added.Cid].Replicas++; break;
            case ProofDisputed disputed: StandingChanges.Dispute(this, disputed); break;
            case JobDecided decided: StateChanges.Decide(this, decided); break;
            case MinerRegistered registered: StateChanges.Register(this, registered); break;
            case DelegationAccepted accepted: DelegationChanges.Add(this, accepted); break;
            case DelegationRevoked revoked: DelegationChanges.Revoke(this, revoked); break;
            case EpochOpened opened: StateChanges.Open(this, opened); break;
            case EpochClosed closed: StateChanges.Close(this, closed); break;
            case EpochSettled settled: StateChanges.Settle(this, settled); break;
            case EpochSealed sealed_: StateChanges.Seal(this, sealed_); break;
            default: CheckChanges.Apply(this, e); break;
        }
    }
}
