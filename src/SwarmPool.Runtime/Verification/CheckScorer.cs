using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Protocol.Sampling;
using SwarmPool.Runtime.Generation;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Verification;

/// <summary>Scores an answer of generated tokens by one pass of the model over it (<see cref="ITokenModel.ScoreAsync"/>), without writing it again.</summary>
/// <remarks>Thread-safe. Answers the same for the same answer and model.</remarks>
internal static class CheckScorer
{
    /// <summary>Scores what a proof names. No positions and a <see cref="CheckScores.Detail"/> for an answer that can't be held against this model: that says nothing of the answer.</summary>
    /// <param name="proof">The executor's proof.</param>
    /// <param name="input">The job's input, checked against its CID.</param>
    /// <param name="evidence">What the proof names as its evidence, checked against its CID; empty when it names none.</param>
    /// <param name="output">What it names as its output, checked against its CID.</param>
    /// <param name="model">The model, loaded.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InferenceException">The backend failed, or has no room for so many tokens. It says nothing of the answer.</exception>
    /// <exception cref="SwarmPoolException">SP5103: the input is no text job. SP5105: the checker's own model is broken.</exception>
    public static async ValueTask<CheckScores> ScoreAsync(
        ProofSnapshot proof, ReadOnlyMemory<byte> input, ReadOnlyMemory<byte> evidence, ReadOnlyMemory<byte> output, ITokenModel model, CancellationToken cancellationToken)
    {
        var mine = model.Description.Class;
        return proof.Metrics.ModelSha256 != mine.ModelSha256 ? new CheckScores(0, 0, 0, 0, mine) { Detail = "The answer is another model's than the one here." }
            : !TokenEvidenceCodec.TryDecode(evidence.Span, out var tokens, out _) ? new CheckScores(0, 0, 0, 0, mine) { Detail = "The answer's evidence can't be read." }
            : await ScoreAsync(proof.JobCid, TextJob.Read(input), tokens, output, model, cancellationToken);
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
