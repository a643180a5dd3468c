using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>What stands against a claim where work is checked.</summary>
internal static class CheckClaims
{
    /// <summary>Answers that one miner may have waiting for others, for each claim that it may hold.</summary>
    public const int MostWaiting = 4;

    /// <summary>The refusal; null when nothing stands against it here. What was claimed before is answered as ever.</summary>
    public static Decision? Refused(PoolState state, ClaimSnapshot claim)
    {
        if (state.Checks is null || !state.Jobs.TryGet(claim.JobCid, out var job) || job.Phase != JobPhase.Pending || claim.Attempt != job.Attempt
            || !state.Miners.TryGet(claim.Miner, out var miner) || job.LeaseOf(claim.Miner) is not null)
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
