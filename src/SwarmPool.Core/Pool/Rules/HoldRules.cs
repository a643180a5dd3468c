using SwarmPool.Protocol.Errors;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>
/// Which work an epoch settles. Work is held for so many epochs as the settings say when one closes; what was held for longer before they were
/// changed is settled at once, whatever was decided is settled once, and nothing that was released comes back.
/// </summary>
internal static class HoldRules
{
    /// <summary>How the open epoch closes.</summary>
    public static EpochClosed Close(PoolState state)
    {
        var epochs = state.Epochs;
        var number = epochs.Open!.Number;
        var checks = state.Checks;
        if (checks is null && epochs.Held.Count == 0 && epochs.Struck.Count == 0 && epochs.Open.Work is null)
        {
            return new EpochClosed(number); // As ever: it settles its own.
        }

        var from = epochs.Held.Count > 0 ? epochs.Held[0].Number : number;
        var to = Math.Max(number - Math.Clamp(checks?.HoldEpochs ?? 0, 0, CheckSettings.MostHoldEpochs), from - 1);
        return new EpochClosed(number, from, to, to >= from && epochs.Struck.Count > 0 ? [.. epochs.Struck] : null);
    }

    /// <summary>Why a settlement is not of the work that its epoch releases; null when it is.</summary>
    public static Refusal? Against(EpochAccount epoch, SettlementFact settlement)
    {
        if (epoch.WorkFrom is null)
        {
            return null; // Rules that hold nothing leave the sum to whoever settles, and to audits.
        }

        var paid = new[] { settlement.Miners, settlement.Declared, settlement.Checkers }
            .SelectMany(static items => items ?? []).Aggregate((Int128)settlement.Operations.Micro, static (sum, item) => sum + item.Amount.Micro);
        return paid == epoch.Volume.Micro
            ? null
            : new(ErrorCodes.SettlementOfOtherWork, $"The settlement of {epoch.Id} pays {paid} micro-USDC; the work that it releases cost {epoch.Volume.Micro}.");
    }
}
