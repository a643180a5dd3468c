using SwarmPool.Core.Pool;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// The verifier that ships: what the runtime has checked (signature, lease, proof hash, the output's own CID) is all that
/// it asks, besides an output that is not empty. Whether the output is right is for the client's replicas to find out.
/// </summary>
internal sealed class HashProofVerifier : IProofVerifier
{
    public string Name => VerdictFact.BuiltIn;

    public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => new(
        evidence.Output.Length > 0
            ? new ProofJudgement(ProofJudgementKind.Accepted, "")
            : new ProofJudgement(ProofJudgementKind.Refused, "the output is empty"));
}
