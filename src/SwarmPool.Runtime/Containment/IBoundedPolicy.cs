using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Containment;

/// <summary>A settlement policy that keeps to a time limit by itself: what runs too long is ended, not left behind.</summary>
/// <remarks>A refusal is a <see cref="Protocol.Errors.SwarmPoolException"/> without an inner exception, its message that of the refusal.</remarks>
internal interface IBoundedPolicy : ISettlementPolicy
{
    SettlementOutcome Settle(EpochLedger ledger, string policyState, TimeSpan limit);
}
