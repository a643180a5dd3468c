using System.Buffers.Binary;
using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.SafeTensors;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>"safetensors": the inputs as raw numbers in a safetensors file, of just those names.</summary>
internal sealed class SafeTensorsInput(IReadOnlyList<TensorSpec> inputs) : IPreprocessor
{
    private const int MostJson = 1024 * 1024;
    private const string Metadata = "__metadata__";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    public IReadOnlyList<string> Feeds { get; } = [.. inputs.Select(static input => input.Name)];

    public PreparedInput Read(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (bytes.Length < 8 || BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span) is var length && length > (ulong)Math.Min(MostJson, bytes.Length - 8))
        {
            throw Refuse("it is cut off, or its JSON is too long");
        }

        var data = bytes[(8 + (int)length)..];
        try
        {
            using var document = TextFile.ParseJson(bytes.Slice(8, (int)length), Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw Refuse("its JSON is not an object");
            }

            var others = root.EnumerateObject().Select(static member => member.Name).Where(name => name != Metadata && !Feeds.Contains(name, StringComparer.Ordinal)).ToList();
            return others.Count == 0
                ? new PreparedInput(inputs.ToDictionary(static input => input.Name, input => Tensor(input, root, data), StringComparer.Ordinal))
                : throw Refuse($"there is no input \"{others[0]}\"");
        }
        catch (JsonException wrong)
        {
            throw Refuse($"its JSON is none: {wrong.Message}", wrong);
        }
    }

    private static ModelTensor Tensor(TensorSpec input, JsonElement root, ReadOnlyMemory<byte> data)
    {
        var wanted = SafeTensorsFile.Names[input.Type];
        if (!root.TryGetProperty(input.Name, out var entry) || entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty("dtype", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != wanted)
        {
            throw Refuse($"it has no input \"{input.Name}\" of {wanted}");
        }

        var shape = Numbers(entry, "shape");
        var offsets = Numbers(entry, "data_offsets");
        var count = shape.Aggregate(1L, static (product, side) => side is >= 0 and <= 1 << 28 ? Math.Min(product * side, 1L << 32) : 1L << 32);
        if (!input.Allows(shape) || count > 1 << 28)
        {
            throw Refuse($"the shape of input \"{input.Name}\" does not fit {input}");
        }

        var size = count * SafeTensorsFile.Size(input.Type);
        if (offsets is not [var start, var end] || start < 0 || end > data.Length || end - start != size)
        {
            throw Refuse($"the numbers of input \"{input.Name}\" are not where it says");
        }

        var array = SafeTensorsFile.Make(input.Type, (int)count);
        data.Span.Slice((int)start, (int)size).CopyTo(SafeTensorsFile.Bytes(array));
        if (array is bool[] && data.Span.Slice((int)start, (int)size).IndexOfAnyExceptInRange((byte)0, (byte)1) >= 0)
        {
            throw Refuse($"input \"{input.Name}\" has a truth value that is neither 0 nor 1");
        }

        return new ModelTensor(shape, array);
    }

    private static long[] Numbers(JsonElement entry, string key) =>
        entry.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() <= 8
        && list.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out _))
            ? [.. list.EnumerateArray().Select(static item => item.GetInt64())]
            : [-1];

    private static InferenceException Refuse(string why, Exception? inner = null) =>
        new($"The input can't be used: {why}. Send a safetensors file with the model's inputs.", inner);
}
