using SwarmPool.Protocol.Errors;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>How a daemon starts, and how an epoch opens, closes, is settled and sealed.</summary>
internal static class EpochRules
{
    public static Decision Start(PoolState state, StartedInput started)
    {
        if (started.Term <= state.Term)
        {
            return Decision.Refuse(ErrorCodes.JournalHeld, $"Term {started.Term} is not newer than {state.Term}: another daemon has led since.");
        }

        if (VerdictRules.Against(started.Settings) is { } impossible)
        {
            return Decision.Refuse(impossible.Code, impossible.Reason);
        }

        var event_ = new PoolStarted(started.Term, started.Settings);
        return state.Epochs.Open is null
            ? Decision.Accept(event_, new EpochOpened(1, StateHash.Of(state), Newer(state, started.Settings)))
            : Decision.Accept(event_);
    }

    public static Decision End(PoolState state)
    {
        var number = state.Epochs.Open!.Number;
        return Decision.Accept(new EpochClosed(number), new EpochOpened(number + 1, StateHash.Of(state), Newer(state, state.Settings!)));
    }

    // Rules change only between epochs, and never back.
    private static int? Newer(PoolState state, PoolSettings settings) =>
        (settings.Checks is null && settings.Rules > 2 ? 2 : settings.Rules) is { } rules && rules > state.Rules ? rules : null;

    public static Decision Settle(PoolState state, SettledInput settled, PoolFacts facts)
    {
        // In order: each settlement begins with the policy state that the one before left.
        var next = state.Epochs.Closed.Find(e => e.SettledSequence == 0);
        if (next?.Number != settled.Epoch)
        {
            return Decision.Refuse(ErrorCodes.EpochNotClosed, $"{EpochAccount.IdOf(settled.Epoch)} is not the next to be settled.");
        }

        return PayeeRules.Against(state.Settings!, facts.Settlement!) is { } undeclared
            ? Decision.Refuse(undeclared.Code, undeclared.Reason)
            : Decision.Accept(new EpochSettled(settled.Epoch, facts.Settlement!.PolicyState, facts.Settlement.Replaced));
    }

    public static Decision Seal(PoolState state, SealedInput sealed_)
    {
        var next = state.Epochs.Closed.Count > 0 ? state.Epochs.Closed[0] : null;
        return next?.Number == sealed_.Epoch && next.SettledSequence > 0
            ? Decision.Accept(new EpochSealed(sealed_.Epoch, sealed_.Cid, next.Jobs, next.Volume))
            : Decision.Refuse(ErrorCodes.EpochNotClosed, $"{EpochAccount.IdOf(sealed_.Epoch)} is not the next to be sealed.");
    }
}
