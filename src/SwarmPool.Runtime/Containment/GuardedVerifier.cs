using SwarmPool.Protocol.Errors;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Containment;

/// <summary>A proof verifier behind its gate. It has no exception of its own: the court that asks it turns each into "send it again".</summary>
internal sealed class GuardedVerifier(IProofVerifier inner, PluginGate gate) : GuardedSlot(inner, gate), IProofVerifier
{
    public string Name => Gate.Call(nameof(Name), inner, static v => v.Name);

    public static bool IsContract(Exception thrown) => false;

    public static Exception AsContract(string message, Exception? cause) => new SwarmPoolException(ErrorCodes.VerifierFailed, message, cause);

    // Its limit is the daemon's time limit for verification.
    public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => Gate.CallAsync(
        nameof(VerifyAsync), (inner, evidence), static (s, stop) => s.inner.VerifyAsync(s.evidence, stop), cancellationToken, Timeout.InfiniteTimeSpan);
}
