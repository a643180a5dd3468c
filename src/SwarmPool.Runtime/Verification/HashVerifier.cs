using SwarmPool.Core.Pool;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Verification;

/// <summary>
/// "hashes": pays for any answer. What the runtime has checked (signature, lease, proof hash, the output's own CID) is all that it asks, besides an
/// output that is not empty. Two outputs agree when their bytes are the same.
/// </summary>
internal sealed class HashVerifier : IProofVerifier
{
    public string Name => VerdictFact.BuiltIn;

    public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => new(
        evidence.Output.Length > 0
            ? new ProofJudgement(ProofJudgementKind.Accepted, "")
            : new ProofJudgement(ProofJudgementKind.Refused, "the output is empty"));
}
