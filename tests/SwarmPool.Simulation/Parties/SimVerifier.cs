using SwarmPool.Simulation.Engine;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Simulation.Parties;

/// <summary>Takes any output, and sometimes wants another miner's too.</summary>
/// <param name="doubts">When it wants one; null where there are not miners enough.</param>
/// <param name="doubted">The jobs of which it wanted one: never two, for there are three miners.</param>
internal sealed class SimVerifier(Dice? doubts, HashSet<Cid> doubted) : IProofVerifier
{
    public string Name => "simulation";

    public bool MayAskForReplicas => doubts is not null;

    public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => new(
        evidence.Output.IsEmpty ? new ProofJudgement(ProofJudgementKind.Refused, "the output is empty")
        : doubts?.Chance(0.05) == true && evidence.Job.Replicas is null && doubted.Add(evidence.JobCid) ? new ProofJudgement(ProofJudgementKind.NeedReplica, "")
        : new ProofJudgement(ProofJudgementKind.Accepted, ""));
}
