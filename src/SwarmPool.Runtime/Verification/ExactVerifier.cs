using SwarmPool.Verification;

namespace SwarmPool.Runtime.Verification;

/// <summary>"exact": two outputs agree when their bytes are the same. Of two kinds of arithmetic, other bytes prove nothing.</summary>
internal sealed class ExactVerifier : IProofVerifier
{
    public const string Called = "exact";

    public string Name => Called;

    /// <summary>The manifest states the model's numeric class, which the runtime holds every proof to.</summary>
    public VerificationNeeds NeedsOf(Snapshots.JobSnapshot job) => VerificationNeeds.Manifest;

    public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => new(
        evidence.Output.Length > 0
            ? new ProofJudgement(ProofJudgementKind.Accepted, "")
            : new ProofJudgement(ProofJudgementKind.Refused, "the output is empty"));

    public ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken) => new(Compare(pair));

    public static OutputComparison Compare(OutputPair pair) =>
        pair.One.Bytes.Span.SequenceEqual(pair.Other.Bytes.Span) ? new OutputComparison(OutputAgreement.Agree, "")
        : pair.One.Class != pair.Other.Class ? new OutputComparison(OutputAgreement.OtherClass, $"the bytes differ, and so do the classes: {ModelClass.Difference(pair.One.Class, pair.Other.Class)}")
        : new OutputComparison(OutputAgreement.Differ, "the bytes differ");
}
