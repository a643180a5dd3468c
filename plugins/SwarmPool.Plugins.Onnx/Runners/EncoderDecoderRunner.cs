using Microsoft.ML.OnnxRuntime;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>
/// "encoder-decoder": the model (the encoder) runs once over the whole input, and then a second one (the decoder) token by token, each being the
/// likeliest one, until an end token. Its output "tokens" has those that were chosen, without those of start and end.
/// </summary>
/// <remarks>With a cache the decoder is given the start and then one token a run; without one, all tokens so far. What a run gives for the cache is the next run's input without a copy.</remarks>
internal sealed class EncoderDecoderRunner(ModelTensors encoder, IReadOnlyDictionary<string, ModelTensor> constants, DecoderPlan plan) : IModelRunner
{
    /// <summary>What it gives.</summary>
    public const string Tokens = "tokens";

    private readonly string[] encoderOutputs = [.. encoder.Outputs.Select(static output => output.Name)];

    public IReadOnlyList<string> Feeds { get; } = [.. constants.Keys];

    public IReadOnlyList<TensorSpec> Gives { get; } = [new TensorSpec(Tokens, TensorType.Int64, [-1])];

    public string Second => plan.File;

    public IReadOnlyList<string> SecondDifferences(InferenceSession second) => plan.Differences(second);

    public IReadOnlyDictionary<string, ModelTensor> Run(InferenceSession session, IReadOnlyDictionary<string, ModelTensor> inputs, OrtRun run)
    {
        run.Progress?.Report(0);
        using var fed = new InputValues(inputs.Concat(constants));
        using var encoded = session.Run(run.Options, fed.Names, fed.Values, encoderOutputs);
        OrtTensors.CheckBytes([.. encoded], run.MaxBytes);
        var known = fed.Names.Zip(fed.Values).Concat(encoderOutputs.Zip(encoded)).DistinctBy(static pair => pair.First, StringComparer.Ordinal)
            .ToDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.Ordinal);
        var chosen = Decode(run.Second!, known, run);
        run.Progress?.Report(100);
        return new Dictionary<string, ModelTensor>(StringComparer.Ordinal) { [Tokens] = new([chosen.Count], chosen.ToArray()) };
    }

    private List<long> Decode(InferenceSession decoder, Dictionary<string, OrtValue> known, OrtRun run)
    {
        var chosen = new List<long>();
        using var cache = new DecoderCache(decoder, plan.Cache);
        string[] wanted = [plan.Logits, .. cache.Outputs];
        IReadOnlyList<long> next = plan.Start;
        var position = 0;
        while (chosen.Count < plan.MaxTokens)
        {
            run.CancellationToken.ThrowIfCancellationRequested();
            using var step = new InputValues(plan.Step(decoder, next, position));
            List<string> names = [.. step.Names, .. plan.Given.Select(static pair => pair.Key), .. cache.Inputs];
            List<OrtValue> values = [.. step.Values, .. plan.Given.Select(pair => known[pair.Value]), .. cache.Values];
            var outputs = decoder.Run(run.Options, names, values, wanted);
            cache.Take(outputs, firstOutput: 1);
            var token = Likeliest(outputs[0], chosen.Count, run.MaxBytes);
            if (plan.End.Contains(token))
            {
                break;
            }

            chosen.Add(token);
            position += plan.HasCache ? next.Count : 0;
            next = plan.HasCache ? [token] : [.. plan.Start, .. chosen];
            run.Progress?.Report((int)(99L * chosen.Count / plan.MaxTokens));
        }

        return chosen;
    }

    private long Likeliest(OrtValue logits, int place, long maxBytes)
    {
        OrtTensors.CheckBytes([logits], maxBytes);
        var shape = logits.GetTensorTypeAndShape().Shape;
        if (shape.Length is not (2 or 3) || shape[0] != 1 || shape[^1] < 1 || shape[^2] < 1)
        {
            throw new InferenceException($"The decoder gave [{string.Join(',', shape)}] in \"{plan.Logits}\"; [1, tokens, vocabulary] is needed. Its model.json does not fit it.");
        }

        var all = OrtTensors.Floats(logits);
        return GreedyChoice.Of(all[^(int)shape[^1]..], place, place == 0 ? plan.NeverFirst : plan.Never);
    }
}
