using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Containment;

/// <summary>A settlement policy behind its gate. It has no exception of its own: the check that runs it turns each into a refusal.</summary>
internal sealed class GuardedPolicy(ISettlementPolicy inner, PluginGate gate) : GuardedSlot(inner, gate), ISettlementPolicy
{
    public string Name => Gate.Call(nameof(Name), inner, static p => p.Name);

    public string Version => Gate.Call(nameof(Version), inner, static p => p.Version);

    public static bool IsContract(Exception thrown) => false;

    public static Exception AsContract(string message, Exception? cause) => new SwarmPoolException(ErrorCodes.PolicyThrew, message, cause);

    public SettlementOutcome Settle(EpochLedger ledger, string policyState) =>
        Gate.Call(nameof(Settle), (inner, ledger, policyState), static s => s.inner.Settle(s.ledger, s.policyState));
}
