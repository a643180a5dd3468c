using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Containment;

/// <summary>Puts what a plugin made for a slot behind that slot's gate.</summary>
internal static class SlotGuards
{
    public static TSlot Guard<TSlot>(TSlot made, PluginPlace place, PluginFaults faults, TimeProvider time)
        where TSlot : class
    {
        // By the slot, not by what was made: one object may fill several.
        var slot = typeof(TSlot);
        object guarded =
            slot == typeof(ITransport) ? new GuardedTransport((ITransport)made, Gate(GuardedTransport.IsContract, GuardedTransport.AsContract))
            : slot == typeof(IIdentityProvider) ? new GuardedIdentity((IIdentityProvider)made, Gate(GuardedIdentity.IsContract, GuardedIdentity.AsContract))
            : slot == typeof(IPoolJournal) ? new GuardedJournal((IPoolJournal)made, Gate(GuardedJournal.IsContract, GuardedJournal.AsContract))
            : slot == typeof(ISettlementPolicy) ? new GuardedPolicy((ISettlementPolicy)made, Gate(GuardedPolicy.IsContract, GuardedPolicy.AsContract))
            : slot == typeof(IInferenceBackend) ? new GuardedBackend((IInferenceBackend)made, Gate(GuardedBackend.IsContract, GuardedBackend.AsContract))
            : slot == typeof(IProofVerifier) ? new GuardedVerifier((IProofVerifier)made, Gate(GuardedVerifier.IsContract, GuardedVerifier.AsContract))
            : throw new ArgumentException($"{slot} is no slot.", nameof(made));
        return (TSlot)guarded;

        PluginGate Gate(Func<Exception, bool> isContract, Func<string, Exception?, Exception> asContract) => new(place, faults, time, isContract, asContract);
    }
}
