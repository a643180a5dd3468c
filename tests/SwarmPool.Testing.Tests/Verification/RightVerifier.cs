using System.Text.Json;
using SwarmPool.Snapshots;
using SwarmPool.Verification;

namespace SwarmPool.Testing.Tests.Verification;

/// <summary>A right verifier to be wrong beside: an answer is a JSON object with a label and its evidence says the label again; two agree when their labels do.</summary>
internal class RightVerifier : IProofVerifier
{
    public static ProofEvidence Honest { get; } = Testing.Verification.Evidence.Of("""{"label":"7"}"""u8.ToArray()) with { Evidence = "label 7"u8.ToArray() };

    public virtual string Name => "right";

    public virtual bool MayAskForReplicas => false;

    public virtual VerificationNeeds NeedsOf(JobSnapshot job) => VerificationNeeds.Evidence;

    public virtual ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Judge(evidence));
    }

    public virtual ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Compare(pair));
    }

    protected static ProofJudgement Judge(ProofEvidence evidence) =>
        Label(evidence.Output) is not { } label ? new(ProofJudgementKind.Refused, "there is no label")
        : evidence.Evidence is { } said && said.Span.SequenceEqual(System.Text.Encoding.UTF8.GetBytes($"label {label}")) ? new(ProofJudgementKind.Accepted, "") { Scores = new(new VerificationScore("letters", label.Length)) }
        : new(ProofJudgementKind.Refused, "the evidence says something else");

    protected static OutputComparison Compare(OutputPair pair) =>
        pair.One.Bytes.Span.SequenceEqual(pair.Other.Bytes.Span) ? new(OutputAgreement.Agree, "")
        : Label(pair.One.Bytes) is { } one && one == Label(pair.Other.Bytes) ? new(OutputAgreement.Agree, "")
        : new(OutputAgreement.Differ, "the labels differ");

    protected static string? Label(ReadOnlyMemory<byte> output)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("label", out var label) && label.ValueKind == JsonValueKind.String ? label.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
