using SwarmPool.Simulation.Tests.Engine;
using SwarmPool.Verification;

namespace SwarmPool.Simulation.Tests.Parties;

/// <summary>Takes any output, and sometimes wants another miner's too.</summary>
/// <param name="doubts">When it wants one; null where there are not miners enough.</param>
internal sealed class SimVerifier(Dice? doubts) : IProofVerifier
{
    public string Name => "simulation";

    public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => new(
        evidence.Output.IsEmpty ? new ProofJudgement(ProofJudgementKind.Refused, "the output is empty")
        : doubts?.Chance(0.05) == true ? new ProofJudgement(ProofJudgementKind.NeedReplica, "")
        : new ProofJudgement(ProofJudgementKind.Accepted, ""));
}
