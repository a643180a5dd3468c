using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Runtime.Generation;
using SwarmPool.Snapshots;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Verification;

/// <summary>
/// "audited-tokens/1": what can be told of generated text by its evidence, without the model. Whether the model finds those tokens as likely as the evidence
/// says is for a checker's pass over them (<see cref="CheckScorer"/>).
/// </summary>
/// <remarks>docs/verification.md lists what is checked.</remarks>
internal sealed class AuditedTokensVerifier : IProofVerifier
{
    public const string Called = "audited-tokens/1";

    public string Name => Called;

    public VerificationNeeds NeedsOf(JobSnapshot job) => VerificationNeeds.Input | VerificationNeeds.Evidence | VerificationNeeds.Manifest;

    public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var problem = Problem(evidence, cancellationToken);
        return new(problem is null ? new ProofJudgement(ProofJudgementKind.Accepted, "") : new ProofJudgement(ProofJudgementKind.Refused, problem));
    }

    /// <summary>Of one class the same job has the same tokens; of two, a near tie may have gone the other way.</summary>
    public ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken) => new(ExactVerifier.Compare(pair));

    private static string? Problem(ProofEvidence proof, CancellationToken cancellationToken)
    {
        if (proof.Job.JobType != TextJob.JobType)
        {
            return $"a job of type \"{proof.Job.JobType}\" has no tokens";
        }

        if (proof.Evidence is not { IsEmpty: false } bytes || proof.Input is not { } input)
        {
            return "the proof has no evidence";
        }

        if (!TokenEvidenceCodec.TryDecode(bytes.Span, out var evidence, out var refusal))
        {
            return refusal.Reason;
        }

        if (proof.Proof.EvidenceRoot is { } root && root != EvidencePages.Root(bytes))
        {
            return "the evidence has another root than the proof says";
        }

        try
        {
            return TokenForm.Problem(proof.JobCid, TextJob.Read(input), evidence, proof.Output, cancellationToken);
        }
        catch (SwarmPoolException unusable) when (unusable.Code == ErrorCodes.TextInputInvalid)
        {
            return "the job's input asks for nothing that a text could answer";
        }
    }
}
