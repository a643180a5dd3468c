using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>"tensor-json": <c>{"inputs":{"x":{"shape":[1,2],"data":["0.5","-1"]}}}</c>, numbers as numbers or as decimal strings, truth values as such, texts as strings.</summary>
internal sealed class TensorJson(IReadOnlyList<TensorSpec> inputs) : IPreprocessor
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 5, AllowDuplicateProperties = false };

    public IReadOnlyList<string> Feeds { get; } = [.. inputs.Select(input => input.Name)];

    public PreparedInput Read(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            using var document = TextFile.ParseJson(bytes, Strict);
            var given = Members(document.RootElement, "the document", "inputs")["inputs"];
            var tensors = Members(given, "inputs", [.. Feeds]);
            return new PreparedInput(inputs.ToDictionary(
                input => input.Name,
                input => ReadTensor(input, tensors[input.Name], cancellationToken),
                StringComparer.Ordinal));
        }
        catch (JsonException wrong)
        {
            throw Refuse($"it is not JSON: {wrong.Message}", wrong);
        }
    }

    private static ModelTensor ReadTensor(TensorSpec input, JsonElement element, CancellationToken cancellationToken)
    {
        var members = Members(element, $"input \"{input.Name}\"", "shape", "data");
        var shape = ReadShape(input, members["shape"]);
        var data = members["data"];
        var count = shape.Aggregate(1L, (product, dimension) => product * dimension);
        if (data.ValueKind != JsonValueKind.Array || data.GetArrayLength() != count)
        {
            throw Refuse($"the data of input \"{input.Name}\" is not a list of the {count} {(input.Type is TensorType.String ? "texts" : input.Type is TensorType.Bool ? "values" : "numbers")} that its shape says");
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new ModelTensor(shape, TensorJsonData.Read(input, data));
    }

    private static long[] ReadShape(TensorSpec input, JsonElement element)
    {
        // Each dimension is at most 2^28 and there are as many as declared (8 at most); Min keeps their product in range.
        var shape = new List<long>();
        long count = 1;
        if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == input.Shape.Count)
        {
            foreach (var dimension in element.EnumerateArray())
            {
                var size = dimension.ValueKind == JsonValueKind.Number && dimension.TryGetInt32(out var number) && number <= 1 << 28 ? number : 0;
                shape.Add(size);
                count = Math.Min(count * size, 1L << 29);
            }
        }

        return shape.Count == input.Shape.Count && input.Allows(shape) && count <= 1 << 28
            ? [.. shape]
            : throw Refuse($"the shape of input \"{input.Name}\" does not fit {input}");
    }

    /// <summary>The members of an object that has exactly these.</summary>
    private static Dictionary<string, JsonElement> Members(JsonElement element, string what, params string[] names)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Refuse($"{what} is not an object");
        }

        var members = element.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        return members.Count == names.Length && names.All(members.ContainsKey)
            ? members
            : throw Refuse($"{what} needs exactly {string.Join(", ", names)}");
    }

    internal static InferenceException Refuse(string why, Exception? inner = null) =>
        new($"The input can't be used: {why}. Send {{\"inputs\":{{\"NAME\":{{\"shape\":[…],\"data\":[…]}}}}}} as UTF-8 JSON.", inner);
}
