using Microsoft.ML.OnnxRuntime;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>What a manifest says of a decoder: its inputs and outputs, and how an answer begins and ends.</summary>
internal sealed record DecoderPlan
{
    /// <summary>The decoder's .onnx file.</summary>
    public required string File { get; init; }

    /// <summary>The input of token ids: [1, tokens], int64 or int32.</summary>
    public required string Tokens { get; init; }

    /// <summary>The output of logits: [1, tokens, vocabulary].</summary>
    public required string Logits { get; init; }

    /// <summary>The decoder's inputs that are an output of the encoder's, or an input of it.</summary>
    public required IReadOnlyDictionary<string, string> Given { get; init; }

    /// <summary>What it remembers.</summary>
    public required IReadOnlyList<CacheLink> Cache { get; init; }

    /// <summary>The input that says whether there is something in the cache: false at the first run; null: none does.</summary>
    public required string? HasPast { get; init; }

    /// <summary>The input of how many tokens are in the cache; null: none is.</summary>
    public required string? Position { get; init; }

    /// <summary>The tokens that an answer begins with.</summary>
    public required IReadOnlyList<long> Start { get; init; }

    /// <summary>The tokens that end it.</summary>
    public required IReadOnlySet<long> End { get; init; }

    /// <summary>Those that are never chosen.</summary>
    public required IReadOnlySet<long> Never { get; init; }

    /// <summary>Those that are not chosen as the first.</summary>
    public required IReadOnlySet<long> NeverFirst { get; init; }

    /// <summary>The most tokens of an answer.</summary>
    public required int MaxTokens { get; init; }

    public bool HasCache => Cache.Count > 0;

    /// <summary>What one run is given beside the cache and what comes from the encoder.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="next">The tokens.</param>
    /// <param name="position">How many are in the cache.</param>
    public IEnumerable<KeyValuePair<string, ModelTensor>> Step(InferenceSession decoder, IReadOnlyList<long> next, int position)
    {
        yield return new(Tokens, Whole(decoder.InputMetadata[Tokens], [1, next.Count], next));
        if (HasPast is not null)
        {
            yield return new(HasPast, new ModelTensor([1], new[] { position > 0 }));
        }

        if (Position is not null)
        {
            var input = decoder.InputMetadata[Position];
            yield return new(Position, Whole(input, [.. input.Dimensions.Select(static _ => 1L)], [position]));
        }
    }

    /// <summary>What the decoder's file does not have of it, or has and nobody feeds.</summary>
    public IReadOnlyList<string> Differences(InferenceSession decoder)
    {
        var differences = new List<string>();
        var inputs = new HashSet<string>(StringComparer.Ordinal);
        Input(Tokens, "tokens", TensorType.Int64, TensorType.Int32);
        Input(Position, "position", TensorType.Int64, TensorType.Int32);
        Input(HasPast, "has_past", TensorType.Bool);
        foreach (var name in Given.Keys.Concat(Cache.Select(static link => link.Input)))
        {
            Input(name, "given or cache");
        }

        differences.AddRange(decoder.InputMetadata.Keys.Where(name => !inputs.Contains(name)).Select(name => $"the decoder's input \"{name}\" is fed by nothing: name it in given, cache, has_past or position"));
        differences.AddRange(Cache.Select(static link => link.Output).Append(Logits).Where(name => !decoder.OutputMetadata.ContainsKey(name)).Select(static name => $"the decoder has no output \"{name}\""));
        return differences;

        void Input(string? name, string key, params ReadOnlySpan<TensorType> types)
        {
            if (name is null)
            {
                return;
            }

            if (!inputs.Add(name))
            {
                differences.Add($"the decoder's input \"{name}\" is fed twice");
            }
            else if (!decoder.InputMetadata.TryGetValue(name, out var node))
            {
                differences.Add($"the decoder has no input \"{name}\" ({key})");
            }
            else if (!node.IsTensor || OrtTensors.TypeOf(node.ElementDataType) is not { } type || (types.Length > 0 && !types.Contains(type)))
            {
                differences.Add($"the decoder's input \"{name}\" ({key}) is of {(node.IsTensor ? node.ElementDataType : node.OnnxValueType)}");
            }
        }
    }

    private static ModelTensor Whole(NodeMetadata input, long[] shape, IReadOnlyList<long> numbers) => new(
        shape, OrtTensors.TypeOf(input.ElementDataType) == TensorType.Int32 ? numbers.Select(static number => (int)number).ToArray() : numbers.ToArray());
}
