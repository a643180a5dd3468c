using SwarmPool.Protocol.Verification;
using SwarmPool.Snapshots;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Verification;

/// <summary>
/// "tolerance": two outputs agree within what the model's manifest allows (docs/models.md); where it allows nothing, or there is none, when their bytes are
/// the same. Beyond that, outputs of different kinds of arithmetic prove nothing against each other.
/// </summary>
internal sealed class ToleranceVerifier : IProofVerifier
{
    public const string Called = "tolerance";

    public string Name => Called;

    public VerificationNeeds NeedsOf(JobSnapshot job) => VerificationNeeds.Manifest;

    public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var problem = ToleranceOf(evidence.Manifest) is null ? (evidence.Output.IsEmpty ? "the output is empty" : null) : OutputComparer.Problem(evidence.Output);
        return new(problem is null ? new ProofJudgement(ProofJudgementKind.Accepted, "") : new ProofJudgement(ProofJudgementKind.Refused, problem));
    }

    public ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (ToleranceOf(pair.Manifest) is not { } tolerance)
        {
            return new(ExactVerifier.Compare(pair));
        }

        var measures = OutputComparer.Compare(pair.One.Bytes, pair.Other.Bytes, tolerance);
        return new(new OutputComparison(
            measures.Agree ? OutputAgreement.Agree : pair.One.Class == pair.Other.Class ? OutputAgreement.Differ : OutputAgreement.OtherClass, measures.Difference ?? "")
        {
            Scores = measures.Scores,
        });
    }

    private static OutputTolerance? ToleranceOf(ReadOnlyMemory<byte>? manifest) => OutputTolerance.Of(KnownManifest.Of(manifest)?.Tolerance);
}
