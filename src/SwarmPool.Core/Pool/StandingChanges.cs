using SwarmPool.Identity;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool;

/// <summary>What the ends of attempts and of jobs do to the standing of miners with clients. Called by <see cref="PoolState.Apply"/> alone.</summary>
internal static class StandingChanges
{
    /// <summary>A miner had a job and did not do it.</summary>
    public static void EndAttempt(PoolState state, JobEntry job, MinerEntry miner, LeaseEnded e)
    {
        if (e.Reason != LeaseEndReasons.Withheld)
        {
            Strike(state, miner, job.Client, e.CoolDownUntil); // Who withholds an answer is told by marks that no client gives: a relay may have a hand in it.
        }

        Tried(job, miner.Name);
        if (e.Counts == true)
        {
            job.Counted = (job.Counted ?? 0) + 1;
            if (e.Reason == LeaseEndReasons.Failed)
            {
                (job.FailedBy ??= []).Add(miner.Name);
            }
        }
    }

    /// <summary>A miner's proof was not believed.</summary>
    public static void Dispute(PoolState state, ProofDisputed e)
    {
        var job = state.Jobs[e.Cid];
        Strike(state, state.Miners[e.Miner], job.Client, e.CoolDownUntil);
        Tried(job, e.Miner);
    }

    /// <summary>The job was at fault: a strike of the miner's with its client is taken back, and so is the pause.</summary>
    public static void TakeBack(PoolState state, MinerEntry miner, EnsName client)
    {
        if (miner.With(client) is { } with)
        {
            state.Miners.Set(miner, with with { Strikes = Math.Max(0, with.Strikes - 1), PauseUntil = 0, At = state.At, Record = state.Sequence });
        }
    }

    /// <summary>The job is decided: whoever's output it was decided by did work for the client.</summary>
    public static void Decide(PoolState state, JobEntry job, IReadOnlyList<PaidPart> parts)
    {
        foreach (var part in parts)
        {
            var miner = state.Miners[part.Miner];
            var decided = miner.With(job.Client)?.Decided ?? 0;
            state.Miners.Set(miner, new Standing(job.Client, decided + 1, 0, 0, state.At, state.Sequence));
        }
    }

    private static void Strike(PoolState state, MinerEntry miner, EnsName client, long until)
    {
        var with = miner.With(client) ?? new Standing(client, 0, 0, 0, 0, 0);
        state.Miners.Set(miner, with with
        {
            Strikes = with.Strikes + 1,
            PauseUntil = Math.Max(with.PauseUntil, until),
            At = state.At,
            Record = state.Sequence,
        });
    }

    private static void Tried(JobEntry job, EnsName miner)
    {
        job.TriedBy ??= [];
        if (job.TriedBy.Count < Standing.MostTried)
        {
            job.TriedBy.Add(miner);
        }
    }
}
