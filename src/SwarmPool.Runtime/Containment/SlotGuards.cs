using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
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

/// <summary>What fills a slot, behind its gate. It is disposed with it, and its fault while doing so is contained too.</summary>
internal abstract class GuardedSlot(object inner, PluginGate gate) : IAsyncDisposable, IDisposable
{
    /// <summary>What the plugin made.</summary>
    public object Inner => inner;

    /// <summary>What each call to it passes.</summary>
    public PluginGate Gate => gate;

    /// <summary>What the plugin made, whether it stands behind a gate or not.</summary>
    public static object Unwrap(object slot) => slot is GuardedSlot guarded ? guarded.Inner : slot;

    /// <summary>The gate of a slot; null for one that was not filled through a builder.</summary>
    public static PluginGate? GateOf(object slot) => (slot as GuardedSlot)?.Gate;

    public ValueTask DisposeAsync() => gate.EndAsync(nameof(DisposeAsync), inner);

    // A container that is disposed synchronously asks for this, of services that know only the other way too.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}

/// <summary>An inference backend behind its gate: what goes wrong is an <see cref="InferenceException"/>.</summary>
internal sealed class GuardedBackend(IInferenceBackend inner, PluginGate gate) : GuardedSlot(inner, gate), IInferenceBackend
{
    public static bool IsContract(Exception thrown) => thrown is InferenceException;

    public static Exception AsContract(string message, Exception? cause) => new InferenceException(message, cause);

    public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) =>
        Gate.CallAsync(nameof(DescribeAsync), inner, static (b, stop) => b.DescribeAsync(stop), cancellationToken);

    public ValueTask LoadAsync(string model, CancellationToken cancellationToken) =>
        Gate.CallAsync(nameof(LoadAsync), (inner, model), static (s, stop) => s.inner.LoadAsync(s.model, stop), cancellationToken, PluginGate.LongLimit);

    // A run's limit is the job's, and the miner's: it cancels the run, and leaves it behind when it does not end.
    public ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken) => Gate.CallAsync(
        nameof(RunAsync), (inner, request, progress), static (s, stop) => s.inner.RunAsync(s.request, s.progress, stop), cancellationToken, Timeout.InfiniteTimeSpan);

    public IAsyncEnumerable<InferenceChunk> StreamAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken) =>
        Gate.ReadAsync(nameof(StreamAsync), (inner, request, progress), static (s, stop) => s.inner.StreamAsync(s.request, s.progress, stop), cancellationToken);

    public async ValueTask<ITokenModel?> OpenTokensAsync(string model, CancellationToken cancellationToken)
    {
        var opened = await Gate.CallAsync(
            nameof(OpenTokensAsync), (inner, model), static (s, stop) => s.inner.OpenTokensAsync(s.model, stop), cancellationToken, PluginGate.LongLimit);
        return opened is null ? null : new GuardedTokenModel(opened, Gate);
    }

    public bool CanUnload => Gate.Call(nameof(CanUnload), inner, static b => b.CanUnload);

    public ValueTask<bool> UnloadAsync(string model, CancellationToken cancellationToken) =>
        Gate.CallAsync(nameof(UnloadAsync), (inner, model), static (s, stop) => s.inner.UnloadAsync(s.model, stop), cancellationToken);
}

/// <summary>A settlement policy behind its gate. It has no exception of its own: the check that runs it turns each into a refusal.</summary>
internal sealed class GuardedPolicy(ISettlementPolicy inner, PluginGate gate) : GuardedSlot(inner, gate), IBoundedPolicy
{
    public string Name => Gate.Call(nameof(Name), inner, static p => p.Name);

    public string Version => Gate.Call(nameof(Version), inner, static p => p.Version);

    public IReadOnlyList<DeclaredPayee> Payees => Gate.Call(nameof(Payees), inner, static p => p.Payees);

    // One that is bounded by itself has counted what happened, and says why it refuses.
    public static bool IsContract(Exception thrown) => thrown is SwarmPoolException { InnerException: null };

    public static Exception AsContract(string message, Exception? cause) => new SwarmPoolException(ErrorCodes.PolicyThrew, message, cause);

    public SettlementOutcome Settle(EpochLedger ledger, string policyState) =>
        Gate.Call(nameof(Settle), (inner, ledger, policyState), static s => s.inner.Settle(s.ledger, s.policyState));

    /// <summary>Whether it ends by itself what takes too long.</summary>
    public bool IsBounded => inner is IBoundedPolicy;

    SettlementOutcome IBoundedPolicy.Settle(EpochLedger ledger, string policyState, TimeSpan limit) => inner is IBoundedPolicy bounded
        ? Gate.Call(nameof(Settle), (bounded, ledger, policyState, limit), static s => s.bounded.Settle(s.ledger, s.policyState, s.limit))
        : Settle(ledger, policyState);
}

/// <summary>A proof verifier behind its gate. It has no exception of its own: the court that asks it turns each into "send it again".</summary>
internal sealed class GuardedVerifier(IProofVerifier inner, PluginGate gate) : GuardedSlot(inner, gate), IProofVerifier
{
    public string Name => Gate.Call(nameof(Name), inner, static v => v.Name);

    public bool MayAskForReplicas => Gate.Call(nameof(MayAskForReplicas), inner, static v => v.MayAskForReplicas);

    public static bool IsContract(Exception thrown) => false;

    public static Exception AsContract(string message, Exception? cause) => new SwarmPoolException(ErrorCodes.VerifierFailed, message, cause);

    // Its limit is the daemon's time limit for verification.
    public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => Gate.CallAsync(
        nameof(VerifyAsync), (inner, evidence), static (s, stop) => s.inner.VerifyAsync(s.evidence, stop), cancellationToken, Timeout.InfiniteTimeSpan);

    public VerificationNeeds NeedsOf(JobSnapshot job) => Gate.Call(nameof(NeedsOf), (inner, job), static s => s.inner.NeedsOf(s.job));

    public ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken) => Gate.CallAsync(
        nameof(CompareAsync), (inner, pair), static (s, stop) => s.inner.CompareAsync(s.pair, stop), cancellationToken, Timeout.InfiniteTimeSpan);
}
