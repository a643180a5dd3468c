using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>Which miners the pool takes.</summary>
internal static class MinerRules
{
    public static Decision Register(PoolState state, Cid cid, RegistrationSnapshot registration, PoolFacts facts)
    {
        var settings = state.Settings!;
        var known = state.Miners.TryGet(registration.Miner, out var miner);
        if (known && miner!.Registration == cid)
        {
            return Decision.Repeat(miner.Name);
        }

        if (known && registration.Timestamp <= miner!.RegisteredAt)
        {
            return Decision.Refuse(
                ErrorCodes.OldRegistration, $"{registration.Miner} registered at unix {miner.RegisteredAt}; a new registration must be newer.");
        }

        if (settings.MinMinerStake > Usdc.Zero)
        {
            if (facts.Signer!.Stake is not { } stake)
            {
                return Decision.Refuse(ErrorCodes.StakeUnknown, $"This pool asks for a stake of {settings.MinMinerStake} USDC; none is known of {registration.Miner}.");
            }

            if (stake < settings.MinMinerStake)
            {
                return Decision.Refuse(ErrorCodes.StakeTooLow, $"{registration.Miner} has a stake of {stake} USDC; this pool asks for {settings.MinMinerStake}.");
            }
        }

        return !known && state.Miners.Count >= settings.MaxMiners
            ? Decision.Refuse(ErrorCodes.TooManyMiners, $"The pool has {state.Miners.Count} miners and takes no more now.")
            : Decision.Accept(new MinerRegistered(
                registration.Miner, facts.Signer!.Payout, registration.Mode, registration.Models, registration.Gpus, registration.Timestamp, cid));
    }
}
