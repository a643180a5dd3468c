using System.Text;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Runtime.Generation;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Verification;

/// <summary>Has honest answers written by one build of a model and scored by another, for limits of their scores.</summary>
internal static class CalibrationRun
{
    /// <summary>Writes and scores so many answers.</summary>
    /// <param name="executor">Who writes.</param>
    /// <param name="checker">Who scores.</param>
    /// <param name="inputs">Inputs of text jobs, taken in turn, each time with another seed; at least one.</param>
    /// <param name="answers">How many; at least one.</param>
    /// <param name="progress">Told after each how many there are; may be null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SwarmPoolException">SP3461: the two are not one model, or an answer has no evidence. What <see cref="TextGeneration"/> says of an input.</exception>
    /// <exception cref="InferenceException">A backend failed.</exception>
    public static async Task<ScoreCalibrator> RunAsync(
        ITokenModel executor, ITokenModel checker, IReadOnlyList<ReadOnlyMemory<byte>> inputs, int answers, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        if (executor.Description.Class.ModelSha256 != checker.Description.Class.ModelSha256)
        {
            throw Impossible($"The answers would be of the model {executor.Description.Class.ModelSha256}, and scored by {checker.Description.Class.ModelSha256}: two models.");
        }

        var calibrator = new ScoreCalibrator();
        for (var i = 0; i < answers; i++)
        {
            var text = TextJob.Read(inputs[i % inputs.Count]);
            var seed = Cid.OfBlock(Encoding.UTF8.GetBytes(FormattableString.Invariant($"calibration {i} {Convert.ToHexStringLower(inputs[i % inputs.Count].Span)}")));
            InferenceResult? written = null;
            await foreach (var chunk in TextGeneration.RunAsync(executor, seed, text, null, wantsEvidence: true, cancellationToken))
            {
                written = chunk.Result;
            }

            if (!TokenEvidenceCodec.TryDecode(written!.Evidence.Span, out var evidence, out var refusal))
            {
                throw Impossible($"Answer {i} has no evidence: {refusal.Reason}");
            }

            var scores = await CheckScorer.ScoreAsync(seed, text, evidence, written.Output, checker, cancellationToken);
            calibrator.Add(scores.Detail is null ? scores : throw Impossible($"Answer {i} is none of the model's: {scores.Detail}."));
            progress?.Report(calibrator.Answers);
        }

        return calibrator;
    }

    private static SwarmPoolException Impossible(string why) => new(ErrorCodes.CalibrationImpossible, new Refusal(ErrorCodes.CalibrationImpossible, why).ToString());
}
