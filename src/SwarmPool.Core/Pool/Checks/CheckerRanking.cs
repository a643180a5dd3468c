using SwarmPool.Identity;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>Who checks: of the miners that could, the first by a hash that nobody knows before the epoch is sealed but the pool.</summary>
internal static class CheckerRanking
{
    /// <summary>Whoever did nothing for this long that was recorded is asked after those who did.</summary>
    public const long AwakeMs = 900_000;

    /// <summary>The first that is free; and whether somebody could check that is not free now.</summary>
    public static (MinerEntry? First, bool IsSomebodyBusy) Of(PoolState state, JobEntry job, Round round, string secret, long at)
    {
        (MinerEntry Miner, bool Sleeps, byte[] Rank)? best = null;
        var busy = false;
        foreach (var miner in state.Miners.OfferingAll(job.Wanted))
        {
            if (!May(state, job, round, miner))
            {
                continue;
            }

            if (!IsFree(state, job, miner, at))
            {
                busy = true;
                continue;
            }

            var next = (Miner: miner, Sleeps: at - miner.SeenAt >= AwakeMs, Rank: Draw.Rank(secret, job.Cid, miner.Name.Text));
            if (best is not { } so || (next.Sleeps ? 1 : 0, next.Rank.AsSpan().SequenceCompareTo(so.Rank)).CompareTo((so.Sleeps ? 1 : 0, 0)) < 0)
            {
                best = next;
            }
        }

        return (best?.Miner, busy);
    }

    // Never one that is paid where another part of the job is paid, whatever it calls itself; no payee twice; and nobody whose checks were refuted.
    private static bool May(PoolState state, JobEntry job, Round round, MinerEntry miner) =>
        !round.Parts.Any(part => part.Payee == miner.Payout || part.Miner == miner.Name)
        && round.Gone?.Payee != miner.Payout
        && job.Checking?.Asked.Exists(asked => asked == miner.Name || (state.Miners.TryGet(asked, out var other) && other.Payout == miner.Payout)) != true
        && job.Checking?.Barred?.Contains(miner.Payout) != true
        && !IsBarred(state, miner.Payout, job.Wanted);

    private static bool IsBarred(PoolState state, EthAddress payee, string model) => state.Trust.Find(payee, model)?.Marks >= TrustEntry.MostMarks;

    private static bool IsFree(PoolState state, JobEntry job, MinerEntry miner, long at) =>
        miner.LiveClaims < state.Settings!.ClaimsPerMiner && !(miner.With(job.Client)?.PauseUntil > at);
}
