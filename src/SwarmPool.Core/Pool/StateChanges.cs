using SwarmPool.Settlement;
using SwarmPool.Snapshots;
namespace SwarmPool.Core.Pool;

/// <summary>What each event does to the state. Called by <see cref="PoolState.Apply"/> alone.</summary>
internal static class StateChanges
{
    public static void Start(PoolState state, PoolStarted e)
    {
        state.Term = e.Term;
        state.Settings = e.Settings;
        LiftLeases(state);
    }

    /// <summary>Whoever could not be heard for a while keeps its claim: every live lease ends a whole lease from now, or later.</summary>
    public static void LiftLeases(PoolState state)
    {
        var least = state.At + state.Settings!.ClaimTimeoutMs;
        foreach (var job in state.Jobs.InOrder())
        {
            for (var i = 0; i < job.Leases.Count; i++)
            {
                var lease = job.Leases[i];
                if (lease.Until < least)
                {
                    SetLease(state, job, i, lease with { Until = least, LimitUntil = Math.Max(lease.LimitUntil, least) });
                }
            }

            CheckChanges.Lift(state, job, least);
        }
    }

    public static void AddJob(PoolState state, JobAccepted e)
    {
        var job = new JobEntry
        {
            Cid = e.Cid,
            Number = ++state.TotalJobs,
            Client = e.Client,
            JobType = e.JobType,
            Model = e.Model,
            Price = e.Price,
            DeadlineMs = e.DeadlineMs,
            AttemptMs = e.AttemptMs,
            Replicas = e.Replicas,
            Miners = e.Miners,
            Delegation = e.Delegation,
            InputBytes = e.InputBytes,
            WaitsSince = state.Rules > 1 ? state.At : null,
            ReservedUntil = e.ReservedUntil,
            PackCid = e.PackCid,
            Rates = e.Rates,
            Check = e.Check,
            Needs = e.Needs,
        };
        state.Jobs.Add(job);
        Book(state, job, job.Price.Micro);
        state.Due.Add(job.DeadlineMs, job.Number, 0);
    }

    public static void Claim(PoolState state, JobClaimed e)
    {
        var job = state.Jobs[e.Cid];
        state.Fence = e.Fence;
        job.Leases.Add(new Lease(e.Fence, e.Attempt, e.Miner, e.Mode, e.LeaseUntil, e.LimitUntil));
        state.Due.Add(e.LeaseUntil, job.Number, e.Fence);
        var miner = state.Miners[e.Miner];
        miner.LiveClaims++;
        state.Miners.SetIdle(miner);
        CheckChanges.See(state, miner);
        SetOpenPhase(state, job);
    }

    public static void Renew(PoolState state, LeaseRenewed e)
    {
        var job = state.Jobs[e.Cid];
        if (job.Checking?.WorkOf(e.Fence) is { } work)
        {
            CheckChanges.Set(state, job, work with { Until = e.LeaseUntil });
            return;
        }

        var at = job.Leases.FindIndex(l => l.Fence == e.Fence);
        SetLease(state, job, at, job.Leases[at] with { Until = e.LeaseUntil });
    }

    public static void EndLease(PoolState state, LeaseEnded e)
    {
        var job = state.Jobs[e.Cid];
        var lease = job.LeaseOf(e.Fence)!;
        RemoveLease(state, job, e.Fence);
        if (e.Reason == LeaseEndReasons.Withheld)
        {
            CheckChanges.Withhold(state, job, lease);
        }

        if (e is { Reason: LeaseEndReasons.Failed, Detail: { } why })
        {
            job.Failure = new AttemptFailure(e.Miner, why);
        }

        var miner = state.Miners[e.Miner];
        if (state.Rules > 1)
        {
            StandingChanges.EndAttempt(state, job, miner, e);
            SetOpenPhase(state, job);
            return;
        }

        miner.Strikes++;
        miner.CoolDownUntil = Math.Max(miner.CoolDownUntil, e.CoolDownUntil);
        state.Miners.Touch(miner);
        if (e.Reason == LeaseEndReasons.Failed)
        {
            (job.FailedBy ??= []).Add(e.Miner);
        }

        SetOpenPhase(state, job);
    }

    public static void Blame(PoolState state, JobBlamed e)
    {
        foreach (var name in e.Miners)
        {
            if (!state.Miners.TryGet(name, out var miner))
            {
                continue; // It has been forgotten since.
            }

            if (state.Rules > 1)
            {
                StandingChanges.TakeBack(state, miner, e.Client);
                continue;
            }

            miner.Strikes = Math.Max(0, miner.Strikes - 1);
            state.Miners.Touch(miner);
        }

        var strikes = (state.Clients.Find(e.Client)?.Strikes ?? 0) + 1;
        state.Clients.Set(new ClientEntry(e.Client, strikes, e.ClientPauseUntil));
    }

    public static void Requeue(PoolState state, JobRequeued e)
    {
        var job = state.Jobs[e.Cid];
        job.Attempt = e.Attempt;
        job.Miners = e.Miners;
        job.ReservedUntil = e.ReservedUntil;
        job.WaitsSince = state.Rules > 1 ? state.At : null;
        if (job.Proofs.Count == job.Replicas || (state.Rules > 2 && job.Leases.Count == 0))
        {
            job.Proofs.Clear(); // The replicas did not agree: all of them are asked again.
            CheckChanges.EndRound(state, job);
        }

        SetOpenPhase(state, job);
    }

    public static void Fail(PoolState state, JobFailed e)
    {
        var job = state.Jobs[e.Cid];
        job.FailReason = e.Reason;
        Finish(state, job, e.Reason == JobFailReasons.Expired ? JobPhase.Expired : JobPhase.Failed);
    }

    public static void AddProof(PoolState state, ProofAccepted e)
    {
        var job = state.Jobs[e.Cid];
        var lease = job.LeaseOf(e.Fence)!;
        RemoveLease(state, job, e.Fence);
        job.Proofs.Add(new ReplicaProof(e.Fence, e.Attempt, e.Miner, lease.Mode, e.Payee, e.ProofCid, e.OutputCid, e.Class, lease.Drawn) { Usage = e.Usage });
        var miner = state.Miners[e.Miner];
        state.Miners.AddJob(miner);
        state.Miners.SetIdle(miner);
        miner.Strikes = 0; // Rules 1. Under rules 2 a proof is a claim like any other until its job is decided.
        state.Miners.Touch(miner);
        state.TotalProofs++;
        SetOpenPhase(state, job);
    }

    public static void Decide(PoolState state, JobDecided e)
    {
        var job = state.Jobs[e.Cid];
        var epoch = state.Epochs.Open!;
        epoch.Jobs++;
        epoch.Proofs += e.Parts.Count;
        var charge = Usdc.Zero;
        foreach (var part in e.Parts)
        {
            epoch.Volume += part.Price;
            state.TotalVolume += part.Price;
            charge += part.Price;
        }

        if (job.Rates is not null)
        {
            (job.Charge, job.Usage) = (charge, e.Usage);
            Book(state, job, charge.Micro - job.Price.Micro); // What was reserved beyond it is free again.
        }

        job.Epoch = epoch.Number;
        if (state.Rules > 1)
        {
            epoch.Owe(job.Client, charge.Micro);
            HoldChanges.Book(epoch, e);
            StandingChanges.Decide(state, job, e.Parts);
        }

        if (e.Check is { } check)
        {
            job.Checked = check;
            job.Proofs.RemoveAll(proof => !e.Parts.Any(part => part.ProofCid == proof.ProofCid));
            TrustChanges.Decide(state, job, e.Parts, check);
        }

        state.Clients.Remove(job.Client);
        Finish(state, job, JobPhase.Completed);
    }

    /// <summary>The job is over: nobody works on it any longer, and it is remembered for a while.</summary>
    public static void Finish(PoolState state, JobEntry job, JobPhase phase)
    {
        if (phase != JobPhase.Completed)
        {
            Book(state, job, -job.Price.Micro); // Nobody pays for it.
        }

        while (job.Leases.Count > 0)
        {
            RemoveLease(state, job, job.Leases[0].Fence);
        }

        CheckChanges.Finish(state, job);
        job.ForgetAtMs = Math.Max(job.DeadlineMs, state.At) + PoolState.MemoryAfterDeadlineMs;
        state.Due.Add(job.ForgetAtMs, job.Number, 0);
        state.Jobs.SetPhase(job, phase);
    }

    public static void Register(PoolState state, MinerRegistered e)
    {
        if (e.InPlaceOf is { } idle)
        {
            state.Miners.Remove(state.Miners[idle]);
        }

        var miner = state.Miners.GetOrAdd(e.Miner, state.Settings!.IdleMinerMs is null ? 0 : state.At);
        miner.Payout = e.Payout;
        miner.Mode = e.Mode;
        miner.RegisteredAt = e.Timestamp;
        miner.Registration = e.Registration;
        miner.Delegation = e.Delegation;
        CheckChanges.See(state, miner);
        state.Miners.SetOffer(miner, e.Models, e.Gpus, e.Offers);
    }

    public static void Open(PoolState state, EpochOpened e)
    {
        state.Rules = e.Rules ?? state.Rules;
        state.Epochs.Open = new EpochAccount
        {
            Number = e.Number,
            StartedAt = state.At,
            // The record that closes an epoch opens the next: it belongs to the closed one.
            FromSequence = e.Number == 1 ? state.Sequence : state.Sequence + 1,
            OpeningState = e.OpeningState,
        };
    }

    public static void Close(PoolState state, EpochClosed e)
    {
        var epoch = state.Epochs.Open!;
        if (epoch.Number != e.Number)
        {
            throw new InvalidOperationException($"Epoch {e.Number} is not the open one ({epoch.Number}).");
        }

        epoch.EndedAt = state.At;
        epoch.ToSequence = state.Sequence;
        HoldChanges.Close(state.Epochs, epoch, e);
        state.Epochs.Closed.Add(epoch);
        state.Epochs.Open = null;
        if (e.ReleasesTo is { } released)
        {
            state.Trust.Release(released);
        }
    }

    public static void Settle(PoolState state, EpochSettled e)
    {
        var epoch = state.Epochs.FindClosed(e.Number)!;
        epoch.SettledSequence = state.Sequence;
        epoch.PolicyStateBefore = state.Epochs.PolicyState;
        state.Epochs.PolicyState = e.PolicyState;
    }

    public static void Seal(PoolState state, EpochSealed e)
    {
        state.Epochs.Closed.RemoveAll(c => c.Number == e.Number);
        state.Epochs.LastSealed = e.Cid;
    }

    private static void Book(PoolState state, JobEntry job, long micro)
    {
        if (job.Delegation is not null)
        {
            state.Delegations.Spend(job.Client, job.Delegation, micro);
        }
    }

    private static void RemoveLease(PoolState state, JobEntry job, long fence)
    {
        var at = job.Leases.FindIndex(l => l.Fence == fence);
        var miner = state.Miners[job.Leases[at].Miner];
        if (job.Leases[at].Commitment is null)
        {
            miner.LiveClaims--;
        }
        else
        {
            miner.Waiting--;
        }

        state.Miners.SetIdle(miner);
        job.Leases.RemoveAt(at);
        state.Jobs.Touch(job);
    }

    public static void SetLease(PoolState state, JobEntry job, int at, Lease lease)
    {
        job.Leases[at] = lease;
        state.Due.Add(lease.Until, job.Number, lease.Fence);
        state.Jobs.Touch(job);
    }

    private static void SetOpenPhase(PoolState state, JobEntry job) =>
        state.Jobs.SetPhase(job, job.HasRoom ? JobPhase.Pending : JobPhase.Claimed);
}
