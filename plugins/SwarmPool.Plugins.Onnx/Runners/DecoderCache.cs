using Microsoft.ML.OnnxRuntime;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>An output of the decoder that is its input at the next run.</summary>
/// <param name="Input">The input.</param>
/// <param name="Output">The output.</param>
/// <param name="IsOnce">Whether the first run's output counts for all: what the decoder makes of the encoder's outputs.</param>
internal sealed record CacheLink(string Input, string Output, bool IsOnce);

/// <summary>
/// What a decoder remembers from run to run. It is empty at first: an open dimension is 0, the first one, which is the batch, 1; fixed ones are full of zeros.
/// </summary>
internal sealed class DecoderCache : IDisposable
{
    private readonly IReadOnlyList<CacheLink> links;
    private readonly OrtValue[] values;
    private readonly List<OrtValue> empty = [];
    private IDisposableReadOnlyCollection<OrtValue>? first;
    private IDisposableReadOnlyCollection<OrtValue>? last;

    public DecoderCache(InferenceSession decoder, IReadOnlyList<CacheLink> links)
    {
        this.links = links;
        foreach (var link in links)
        {
            var input = decoder.InputMetadata[link.Input];
            var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, input.ElementDataType, ShapeOf(input.Dimensions));
            empty.Add(value);
            value.GetTensorMutableRawData().Clear();
        }

        values = [.. empty];
        Inputs = [.. links.Select(static link => link.Input)];
        Outputs = [.. links.Select(static link => link.Output)];
    }

    public IReadOnlyList<string> Inputs { get; }

    public IReadOnlyList<string> Outputs { get; }

    public IReadOnlyList<OrtValue> Values => values;

    /// <summary>Takes over a run's outputs; those of the run before are gone then, but for what counts for all.</summary>
    public void Take(IDisposableReadOnlyCollection<OrtValue> outputs, int firstOutput)
    {
        var isFirst = first is null;
        for (var i = 0; i < links.Count; i++)
        {
            if (isFirst || !links[i].IsOnce)
            {
                values[i] = outputs[firstOutput + i];
            }
        }

        if (isFirst)
        {
            first = outputs;
        }
        else
        {
            last?.Dispose();
            last = outputs;
        }
    }

    public void Dispose()
    {
        last?.Dispose();
        first?.Dispose();
        empty.ForEach(static value => value.Dispose());
    }

    private static long[] ShapeOf(int[] dimensions) => [.. dimensions.Select(static (dimension, i) => dimension > 0 ? dimension : i == 0 ? 1L : 0L)];
}
