using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>"png-gray": a PNG picture as gray values from 0 (black) to 1 (white), or the other way round.</summary>
internal sealed class PngGray(TensorSpec input, int width, int height, bool exact, bool invert) : IPreprocessor
{
    public IReadOnlyList<string> Feeds { get; } = [input.Name];

    public PreparedInput Read(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var picture = PngDecoder.DecodeGray(bytes.Span);
        if (exact && (picture.Width != width || picture.Height != height))
        {
            throw new InferenceException($"The picture is {picture.Width}×{picture.Height}; the model takes {width}×{height} exactly. Send it in that size.");
        }

        var values = AreaScaler.Scale(picture, width, height, cancellationToken);
        if (invert)
        {
            foreach (ref var value in values.AsSpan())
            {
                value = 1f - value;
            }
        }

        return new PreparedInput(new Dictionary<string, ModelTensor>(StringComparer.Ordinal) { [input.Name] = new(input.SmallestShape, values) });
    }
}
