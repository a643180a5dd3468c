using SwarmPool.Inference;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Protocol.Sampling;
using SwarmPool.Runtime.Generation;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Verification;

/// <summary>Scores by <see cref="ITokenModel.ScoreAsync"/>.</summary>
/// <param name="inputOf">Fetches a job's input; null when it is not to be had.</param>
internal sealed class CheckScorer(Func<Cid, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> inputOf) : ICheckScorer
{
    public async ValueTask<CheckScores?> ScoreAsync(
        JobSnapshot job, ProofSnapshot proof, ReadOnlyMemory<byte> evidence, ReadOnlyMemory<byte> output, ITokenModel model, CancellationToken cancellationToken)
    {
        if (proof.Metrics.ModelSha256 != model.Description.Class.ModelSha256
            || !TokenEvidenceCodec.TryDecode(evidence.Span, out var tokens, out _)
            || await inputOf(job.InputCid, cancellationToken) is not { } input)
        {
            return null;
        }

        return await ScoreAsync(proof.JobCid, TextJob.Read(input), tokens, output, model, cancellationToken);
    }

    /// <summary>As the other; of an answer whose parts are at hand.</summary>
    public static async ValueTask<CheckScores> ScoreAsync(
        Cid jobCid, TextJob job, TokenEvidence evidence, ReadOnlyMemory<byte> output, ITokenModel model, CancellationToken cancellationToken)
    {
        if (await TokenModelForm.ProblemAsync(job, evidence, output, model, cancellationToken) is { } problem)
        {
            return new CheckScores(evidence.Positions.Count, 0, ScoreSums.WorstMicro, ScoreSums.WorstMicro, model.Description.Class) { Detail = problem };
        }

        var sums = new ScoreSums(new TokenSampler(jobCid, job.Sampling, evidence.PromptIds.Span));
        var at = 0;
        await foreach (var logits in model.ScoreAsync(evidence.PromptIds, evidence.OutputIds(), cancellationToken))
        {
            sums.Add(logits.Span, evidence.Positions[at++]);
        }

        return at == evidence.Positions.Count
            ? sums.Scores(model.Description.Class)
            : throw new InferenceException(FormattableString.Invariant($"The model scored {at} of {evidence.Positions.Count} positions."));
    }
}
