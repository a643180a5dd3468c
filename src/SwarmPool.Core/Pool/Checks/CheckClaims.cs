using SwarmPool.Protocol.Errors;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>What stands against a claim where work is checked.</summary>
internal static class CheckClaims
{
    /// <summary>Answers that one miner may have waiting for others, for each claim that it may hold.</summary>
    public const int MostWaiting = 4;

    /// <summary>Null when nothing does.</summary>
    public static Decision? Against(PoolState state, JobEntry job, MinerEntry miner)
    {
        if (state.Checks is null)
        {
            return null;
        }

        if (job.Checking?.Barred?.Contains(miner.Payout) == true)
        {
            return Decision.Refuse(ErrorCodes.AnswerWasRefused, $"An answer to this job that would have been paid at {miner.Payout} was refused, or never shown: others do it.");
        }

        if (job.Leases.FirstOrDefault(lease => (lease.Payee ?? state.Miners[lease.Miner].Payout) == miner.Payout)?.Miner is { } same)
        {
            return Decision.Refuse(ErrorCodes.PayeeTakesPart, $"{same} has a part in this job and is paid at {miner.Payout} too: replicas are of different payees.");
        }

        return miner.Waiting >= MostWaiting * state.Settings!.ClaimsPerMiner
            ? Decision.Refuse(ErrorCodes.ClaimCap, $"{miner.Name} has {miner.Waiting} answers that wait to be checked, as many as this pool allows at a time.")
            : null;
    }
}
