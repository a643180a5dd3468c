using System.Text;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;

namespace SwarmPool.Core.Settlement;

/// <summary>What every settlement has to pass before it counts, whatever policy made it.</summary>
/// <remarks>
/// Pure; thread-safe. It holds for every policy, so a plugin can pay out unfairly by its own published rule, but it can't create
/// money, lose money, or pay a stranger whom it does not declare.
/// </remarks>
public static class SettlementCheck
{
    /// <summary>
    /// Checks an outcome against the ledger, without the policy: null when it may be paid. Used when settling and at audit.
    /// </summary>
    /// <returns>SP3403, SP3404, SP3406 or SP3409; null when all is well.</returns>
    public static Refusal? Check(EpochLedger ledger, SettlementOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(outcome);
        return SettlementRules.CheckState(ledger, outcome)
            ?? SettlementRules.CheckPayees(ledger, outcome)
            ?? DeclaredPayouts.Check(ledger, outcome)
            ?? SettlementRules.CheckSum(ledger, outcome);
    }
}

/// <summary>What every settlement has to keep, whatever the policy.</summary>
internal static class SettlementRules
{
    /// <summary>The most bytes of a policy's state, in UTF-8.</summary>
    public const int MaxStateBytes = 32 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>At most 32 KiB of valid Unicode: it is published as canonical JSON.</summary>
    public static Refusal? CheckState(EpochLedger ledger, SettlementOutcome outcome)
    {
        if (outcome.PolicyState.Length > MaxStateBytes)
        {
            return StateTooLarge(ledger, outcome.PolicyState.Length);
        }

        try
        {
            var bytes = StrictUtf8.GetByteCount(outcome.PolicyState);
            return bytes > MaxStateBytes ? StateTooLarge(ledger, bytes) : null;
        }
        catch (EncoderFallbackException)
        {
            return new(ErrorCodes.PolicyStateTooLarge,
                $"{ledger.EpochId}: the policy's state is not valid Unicode and has no size in UTF-8; encode binary state as base64.");
        }
    }

    /// <summary>
    /// Every payee did paid work in the epoch or was listed by the settlement before, has one entry, and the entries are in the
    /// order of (name, address). Whoever was listed before was checked in the same way, so nobody is ever paid as a miner who did no work.
    /// </summary>
    public static Refusal? CheckPayees(EpochLedger ledger, SettlementOutcome outcome)
    {
        var known = ledger.Entries.Select(static entry => entry.Miner).Concat(ledger.Earlier).ToHashSet();
        Payee? previous = null;
        foreach (var payout in outcome.Settlement.Miners)
        {
            if (payout is null)
            {
                return Payees(ledger, "a payout is null");
            }

            var to = payout.To;
            if (!known.Contains(to))
            {
                return Payees(ledger, $"{Shown(to)} did no paid work in it, and the settlement before does not list it");
            }

            if (previous is { } before && Compare(before, to) is var order and >= 0)
            {
                return Payees(ledger, order == 0 ? $"{Shown(to)} is paid twice" : $"{Shown(to)} stands after {Shown(before)}, out of the order of (name, address)");
            }

            previous = to;
        }

        return null;
    }

    /// <summary>All payouts and the operations' part are the volume, to the micro-USDC, and the volume is an amount that can be published.</summary>
    public static Refusal? CheckSum(EpochLedger ledger, SettlementOutcome outcome)
    {
        Int128 volume = 0;
        foreach (var entry in ledger.Entries)
        {
            volume += entry.Price.Micro;
        }

        if (volume > Usdc.MaxMicro)
        {
            // An amount on the wire is at most that: the sealed epoch could be read by nobody.
            return new(ErrorCodes.SettlementSum,
                $"{ledger.EpochId}: its volume of {volume} micro-USDC is more than the {Usdc.MaxMicro} that an amount may be when published. "
                + "The epoch stays closed and unsettled; lower the pool's cap on a job's price or close epochs more often.");
        }

        Int128 paid = outcome.Settlement.Operations.Micro;
        foreach (var payout in outcome.Settlement.Miners.Concat(outcome.Settlement.Declared))
        {
            paid += payout.Amount.Micro;
        }

        return paid == volume
            ? null
            : new(ErrorCodes.SettlementSum,
                $"{ledger.EpochId}: the policy paid out {paid} micro-USDC of a volume of {volume}; the sum has to be exact. "
                + "The epoch stays closed and unsettled; fix the policy.");
    }

    /// <summary>The same payouts in the same order, the same operations' part, the same state.</summary>
    public static bool Same(SettlementOutcome a, SettlementOutcome b) =>
        a.Settlement.Operations == b.Settlement.Operations
        && a.Settlement.Miners.SequenceEqual(b.Settlement.Miners)
        && a.Settlement.Declared.SequenceEqual(b.Settlement.Declared)
        && string.Equals(a.PolicyState, b.PolicyState, StringComparison.Ordinal);

    /// <summary>The order of payees: name (ordinal), then address (bytes).</summary>
    public static int Compare(Payee a, Payee b)
    {
        var byName = a.Name.CompareTo(b.Name);
        return byName != 0 ? byName : a.Address.CompareTo(b.Address);
    }

    public static string Shown(Payee payee) => $"{payee.Name} ({payee.Address})";

    private static Refusal Payees(EpochLedger ledger, string what) =>
        new(ErrorCodes.SettlementPayee, $"{ledger.EpochId}: {what}. The epoch stays closed and unsettled; fix the policy.");

    private static Refusal StateTooLarge(EpochLedger ledger, int size) =>
        new(ErrorCodes.PolicyStateTooLarge,
            $"{ledger.EpochId}: the policy's state has {size} bytes, more than {MaxStateBytes}; keep it elsewhere and put its hash here.");
}

/// <summary>What came of an attempt to settle: exactly one of the two is there.</summary>
/// <param name="Outcome">The checked outcome; null when refused.</param>
/// <param name="Refusal">Why there is none (SP3401 to SP3406, SP3409 to SP3411); null when settled.</param>
public sealed record SettlementVerdict(SettlementOutcome? Outcome, Refusal? Refusal)
{
    /// <summary>A settlement that passed.</summary>
    public static SettlementVerdict Settled(SettlementOutcome outcome) => new(outcome, null);

    /// <summary>A settlement that did not.</summary>
    public static SettlementVerdict Refused(Refusal refusal) => new(null, refusal);
}
