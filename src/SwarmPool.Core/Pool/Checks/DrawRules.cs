using SwarmPool.Protocol.Errors;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>An epoch's secret is drawn once, right after the epoch opened, and every decision that needs it is judged by the same one.</summary>
internal static class DrawRules
{
    public static Decision Open(PoolState state, PoolFacts facts)
    {
        if (state.Checks is null || state.Epochs.Open is not { DrawCommitment: null } epoch)
        {
            return Decision.Nothing;
        }

        return Draw.IsSecret(facts.Draw?.Secret)
            ? Decision.Accept(new DrawOpened(epoch.Number, Draw.CommitmentOf(facts.Draw!.Secret)))
            : Decision.Refuse(ErrorCodes.DrawImpossible, "The epoch's secret needs to be 32 bytes in lower-case hex.");
    }

    /// <summary>The open epoch's secret; else the answer: that it is needed, or is not the one.</summary>
    public static (string? Secret, Decision? Answer) Secret(PoolState state, PoolFacts facts)
    {
        if (state.Epochs.Open?.DrawCommitment is not { } commitment)
        {
            return (null, Decision.Refuse(ErrorCodes.DrawImpossible, "The epoch's secret has not been drawn yet: send it again."));
        }

        if (facts.Draw is not { } draw)
        {
            return (null, Decision.NeedsDraw);
        }

        return Draw.IsSecret(draw.Secret) && Draw.CommitmentOf(draw.Secret) == commitment
            ? (draw.Secret, null)
            : (null, Decision.Refuse(ErrorCodes.DrawImpossible, $"The secret is not the one that {EpochAccount.IdOf(state.Epochs.Open.Number)} was opened with."));
    }
}
