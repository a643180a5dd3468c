using SwarmPool.Identity;

namespace SwarmPool.Core.Pool;

/// <summary>What the events of rules 3 do to the state. Called by <see cref="PoolState.Apply"/> alone.</summary>
internal static class CheckChanges
{
    public static void Apply(PoolState state, PoolEvent e)
    {
        switch (e)
        {
            case DrawOpened opened: Open(state, opened); break;
            case ProofCommitted committed: Commit(state, committed); break;
            case RevealAsked asked: Ask(state, asked); break;
            case CheckAssigned assigned: Assign(state, assigned); break;
            case CheckPostponed postponed: Postpone(state, postponed); break;
            case CheckEnded ended: End(state, ended); break;
            case CheckProved proved: Prove(state, proved); break;
            case CheckScored scored: Score(state, scored); break;
            case ScoreJudged judged: TrustChanges.Judge(state, judged); break;
            case LateRevealed late: Reveal(state, late); break;
            case CheckDecided decided: TrustChanges.Decide(state, state.Jobs[decided.Cid], decided); break;
            case WorkRefused refused: Refuse(state, refused); break;
            default: throw new InvalidOperationException($"No rule applies the event {e.GetType().Name}.");
        }
    }

    /// <summary>A miner did something that is recorded.</summary>
    public static void See(PoolState state, MinerEntry miner)
    {
        if (state.Rules > 2)
        {
            miner.SeenAt = state.At;
        }
    }

    /// <summary>Whoever could not be heard for a while keeps its check.</summary>
    public static void Lift(PoolState state, JobEntry job, long least)
    {
        foreach (var work in job.Checking?.Works.FindAll(work => work.Until < least) ?? [])
        {
            Set(state, job, work with { Until = least, LimitUntil = Math.Max(work.LimitUntil, least) });
        }
    }

    public static void Set(PoolState state, JobEntry job, CheckWork work)
    {
        var works = job.Checking!.Works;
        works[works.FindIndex(one => one.Fence == work.Fence)] = work;
        state.Due.Add(work.Until, job.Number, work.Fence);
        state.Jobs.Touch(job);
    }

    /// <summary>An answer was not shown: its miner gives no other to this job, and is marked.</summary>
    public static void Withhold(PoolState state, JobEntry job, Lease lease)
    {
        var checking = job.Checking ??= new JobChecking();
        (checking.Barred ??= []).Add(lease.Payee!.Value);
        (checking.Withheld ??= []).Add(new WithheldAnswer(lease.Fence, lease.Attempt, lease.Miner, lease.Payee.Value, lease.Commitment!));
        TrustChanges.Mark(state, lease.Payee.Value, job.Wanted, 1);
    }

    /// <summary>The answers of this round count no longer, and checks of them are wanted no longer.</summary>
    public static void EndRound(PoolState state, JobEntry job)
    {
        Free(state, job);
        job.Checking?.Clear();
        state.Due.Add(job.DeadlineMs, job.Number, 0); // It may have passed while answers waited.
    }

    /// <summary>The job is over; what was withheld is remembered with it.</summary>
    public static void Finish(PoolState state, JobEntry job)
    {
        Free(state, job);
        job.Checking = job.Checking?.Withheld is { } withheld ? new JobChecking { Withheld = withheld } : null;
    }

    private static void Open(PoolState state, DrawOpened e)
    {
        var epoch = state.Epochs.Open!;
        (epoch.DrawCommitment, epoch.DrawSequence) = (e.Commitment, state.Sequence);
    }

    private static void Commit(PoolState state, ProofCommitted e)
    {
        var job = state.Jobs[e.Cid];
        Wait(state, e.Miner, 1);
        if (job.Checking?.WorkOf(e.Fence) is { } work)
        {
            Set(state, job, work with { Commitment = e.Commitment, Payee = e.Payee });
            return;
        }

        var at = job.Leases.FindIndex(lease => lease.Fence == e.Fence);
        var committed = job.Leases[at] with { Commitment = e.Commitment, Payee = e.Payee, Drawn = e.Drawn == true ? true : null };
        StateChanges.SetLease(state, job, at, e.RevealUntil is { } until ? committed with { Reveals = true, Until = until, LimitUntil = until } : committed);
        (job.Checking ??= new JobChecking()).Until = e.CheckUntil;
    }

    private static void Ask(PoolState state, RevealAsked e)
    {
        var job = state.Jobs[e.Cid];
        job.Checking!.AskAt = null;
        foreach (var fence in e.Fences)
        {
            if (job.Checking.WorkOf(fence) is { } work)
            {
                Set(state, job, work with { Reveals = true, Until = e.RevealUntil, LimitUntil = e.RevealUntil });
                continue;
            }

            var at = job.Leases.FindIndex(lease => lease.Fence == fence);
            StateChanges.SetLease(state, job, at, job.Leases[at] with { Reveals = true, Until = e.RevealUntil, LimitUntil = e.RevealUntil });
        }
    }

    private static void Assign(PoolState state, CheckAssigned e)
    {
        var job = state.Jobs[e.Cid];
        state.Fence = e.Fence;
        var checking = job.Checking!;
        checking.AskAt = null;
        Dispute(checking, e.DisputeUntil);
        checking.Asked.Add(e.Miner);
        checking.Works.Add(new CheckWork(e.Fence, e.Attempt, e.Miner, e.Payee, e.Kind, e.LeaseUntil, e.LimitUntil));
        state.Due.Add(e.LeaseUntil, job.Number, e.Fence);
        state.Jobs.Touch(job);
        var miner = state.Miners[e.Miner];
        miner.LiveClaims++;
        state.Miners.SetIdle(miner);
    }

    private static void Postpone(PoolState state, CheckPostponed e)
    {
        var job = state.Jobs[e.Cid];
        Dispute(job.Checking!, e.DisputeUntil);
        job.Checking!.AskAt = e.Until;
        state.Due.Add(e.Until, job.Number, DueEntry.Checkers);
    }

    private static void Dispute(JobChecking checking, long? until)
    {
        if (until is not null)
        {
            (checking.Until, checking.Disputed) = (until, true);
        }
    }

    private static void End(PoolState state, CheckEnded e)
    {
        var job = state.Jobs[e.Cid];
        var work = job.Checking!.WorkOf(e.Fence)!;
        Leave(state, work);
        job.Checking.Works.Remove(work);
        state.Jobs.Touch(job);
        if (e.Reason == Snapshots.LeaseEndReasons.Withheld)
        {
            TrustChanges.Mark(state, work.Payee, job.Wanted, 1);
        }

        if (state.Miners.TryGet(e.Miner, out var miner))
        {
            miner.SeenAt = e.Reason is Snapshots.LeaseEndReasons.Timeout or Snapshots.LeaseEndReasons.Withheld ? 0 : state.At;
        }
    }

    private static void Prove(PoolState state, CheckProved e)
    {
        var job = state.Jobs[e.Cid];
        var work = job.Checking!.WorkOf(e.Fence)!;
        Leave(state, work);
        Set(state, job, work with { ProofCid = e.ProofCid, OutputCid = e.OutputCid, Class = e.Class, Usage = e.Usage });
    }

    private static void Score(PoolState state, CheckScored e)
    {
        var job = state.Jobs[e.Cid];
        var work = job.Checking!.WorkOf(e.Fence)!;
        Leave(state, work);
        Set(state, job, work with { ProofCid = e.ProofCid, Grade = e.Grade, Positions = e.Positions });
    }

    private static void Refuse(PoolState state, WorkRefused e)
    {
        var checking = state.Jobs[e.Cid].Checking ??= new JobChecking();
        (checking.Barred ??= []).Add(e.Payee);
        TrustChanges.Refuse(state, e);
    }

    private static void Reveal(PoolState state, LateRevealed e)
    {
        var job = state.Jobs[e.Cid];
        job.Checking!.Withheld!.RemoveAll(one => one.Fence == e.Fence);
        if (job.Checking.Withheld.Count == 0)
        {
            job.Checking = null; // The job is over: nothing else is left of it.
        }

        TrustChanges.Mark(state, e.Payee, e.Model, -1);
    }

    private static void Free(PoolState state, JobEntry job)
    {
        foreach (var work in job.Checking?.Works ?? [])
        {
            Leave(state, work);
        }
    }

    // A check that has its result is nobody's work any longer.
    private static void Leave(PoolState state, CheckWork work)
    {
        if (work.HasResult || !state.Miners.TryGet(work.Miner, out var miner))
        {
            return;
        }

        if (work.Commitment is null)
        {
            miner.LiveClaims--;
        }
        else
        {
            miner.Waiting--;
        }

        See(state, miner);
        state.Miners.SetIdle(miner);
    }

    private static void Wait(PoolState state, EnsName name, int by)
    {
        var miner = state.Miners[name];
        miner.LiveClaims -= by;
        miner.Waiting += by;
        See(state, miner);
        state.Miners.SetIdle(miner);
    }
}
