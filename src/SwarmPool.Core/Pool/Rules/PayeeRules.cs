using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>
/// Whom a settlement may pay besides miners and operations. The pool says it first, in its settings; a settlement then says what each of
/// them gets, those with nothing too, and pays nobody else.
/// </summary>
internal static class PayeeRules
{
    /// <summary>Why a settlement can't be recorded under these settings; null when it can.</summary>
    public static Refusal? Against(PoolSettings settings, SettlementFact settlement)
    {
        var (declared, paid) = (settings.Payees ?? [], settlement.Declared ?? []);
        return paid.Select(static item => new Payee(item.Miner, item.Address)).SequenceEqual(declared)
            ? null
            : new(ErrorCodes.PayeeUndeclared, $"Besides miners and operations the settlement pays {Shown(paid)}; the settings declare {Shown(declared)}.");
    }

    private static string Shown(IReadOnlyList<PayoutItem> items) => Shown([.. items.Select(static item => new Payee(item.Miner, item.Address))]);

    private static string Shown(IReadOnlyList<Payee> payees) =>
        payees.Count == 0 ? "nobody" : string.Join(", ", payees.Select(static payee => $"{payee.Name} ({payee.Address})"));
}
