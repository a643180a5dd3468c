using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>Which miners the pool takes.</summary>
internal static class MinerRules
{
    public static Decision Register(PoolState state, Cid cid, RegistrationSnapshot registration, PoolFacts facts, long at)
    {
        var settings = state.Settings!;
        var known = state.Miners.TryGet(registration.Miner, out var miner);
        if (known && miner!.Registration == cid)
        {
            return Decision.Repeat(miner.Name);
        }

        if (settings.RegistrationWindowMs is { } window && Undated(registration, window / 1000, at / 1000) is { } undated)
        {
            return undated;
        }

        if (known && registration.Timestamp <= DateOf(miner!, settings, at))
        {
            return Decision.Refuse(
                ErrorCodes.OldRegistration, $"{registration.Miner} registered at unix {miner!.RegisteredAt}; a new registration must be newer.");
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

        var registered = new MinerRegistered(
            registration.Miner, facts.Signer!.Payout, registration.Mode, registration.Models, registration.Gpus, registration.Timestamp, cid,
            settings.RegistrationWindowMs is null ? null : facts.Signer.Delegation, Offers: registration.Offers);
        if ((known || state.Miners.Count < settings.MaxMiners) && Fits(state, registered, known ? miner : null))
        {
            return Decision.Accept(registered);
        }

        // Under pressure a name that has done nothing since it came gives way: names are free, and a place is not for ever.
        return !known && settings.IdleMinerMs is { } patience && state.Miners.LongestIdle is { } idle && at - idle.Since >= patience && Fits(state, registered, idle)
            ? Decision.Accept(registered with { InPlaceOf = idle.Name })
            : Decision.Refuse(ErrorCodes.TooManyMiners, $"The pool has {state.Miners.Count} miners, and takes no more now, or no longer lists of models and GPUs.");
    }

    // What a miner says of itself is its own to choose: all of it together has a bound, whoever's it is.
    private static bool Fits(PoolState state, MinerRegistered registered, MinerEntry? inPlaceOf)
    {
        var more = MinerTable.TextLengthOf(registered.Models, registered.Gpus, registered.Offers) - (inPlaceOf is null ? 0 : MinerTable.TextLengthOf(inPlaceOf.Models, inPlaceOf.Gpus, inPlaceOf.Offers));
        return state.Settings!.OfferLength is not { } each || more <= 0 || state.Miners.TextLength + more <= (long)each * state.Settings.MaxMiners;
    }

    // The clock is the record's own time, so that whoever decides again decides the same.
    private static Decision? Undated(RegistrationSnapshot registration, long window, long now)
    {
        var ahead = registration.Timestamp - now;
        if (ahead > window)
        {
            return Decision.Refuse(
                ErrorCodes.InFuture, $"The registration of {registration.Miner} is dated {ahead} s ahead; {window} s are allowed. Check the sender's clock.");
        }

        return ahead < -window
            ? Decision.Refuse(ErrorCodes.Stale, $"The registration of {registration.Miner} is {-ahead} s old; {window} s are allowed. Check the sender's clock, and send anew.")
            : null;
    }

    // One that was taken with a date further ahead than any may be holds up no other.
    private static long DateOf(MinerEntry miner, PoolSettings settings, long at) =>
        settings.RegistrationWindowMs is { } window && miner.RegisteredAt > (at + window) / 1000 ? 0 : miner.RegisteredAt;
}
