using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.SafeTensors;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>"safetensors": every output's numbers as they are, NaN too, in a safetensors file.</summary>
internal sealed class SafeTensorsOutput : IPostprocessor
{
    private const int Alignment = 8;

    public static SafeTensorsOutput Make(IStepParameters reader)
    {
        foreach (var output in reader.Outputs.Where(static output => output.Type == TensorType.String))
        {
            reader.Problem("kind", $"\"{output.Name}\" is {output}, and texts have no raw form; take tensor-json, or leave the output out");
        }

        return new SafeTensorsOutput();
    }

    public ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs, AnswerContext context)
    {
        var ordered = outputs.OrderBy(static pair => pair.Key, StringComparer.Ordinal).ToList();
        var sizes = ordered.Select(static pair => pair.Value.Data.LongLength * SafeTensorsFile.Size(pair.Value.Type)).ToList();
        if (sizes.Sum() > context.MaxBytes)
        {
            throw OnnxFault.Refuse(OnnxFault.OutputTooLarge, $"The outputs have {sizes.Sum()} bytes; at most {context.MaxBytes} are given (max_output_bytes). Send a smaller input.");
        }

        var json = Header(ordered, sizes, context.MaxBytes);
        var padding = (Alignment - (json.Length % Alignment)) % Alignment;
        var file = new byte[8 + json.Length + padding + sizes.Sum()];
        SafeTensorsFile.Length(json.Length + padding).CopyTo(file, 0);
        json.Span.CopyTo(file.AsSpan(8));
        file.AsSpan(8 + json.Length, padding).Fill((byte)' ');
        var at = 8 + json.Length + padding;
        foreach (var (_, tensor) in ordered)
        {
            var bytes = SafeTensorsFile.Bytes(tensor.Data);
            bytes.CopyTo(file.AsSpan(at));
            at += bytes.Length;
        }

        return new ModelAnswer(file, Confidence: null);
    }

    private static ReadOnlyMemory<byte> Header(List<KeyValuePair<string, ModelTensor>> tensors, List<long> sizes, int maxBytes) => OutputJson.Write(maxBytes, json =>
    {
        var start = 0L;
        for (var i = 0; i < tensors.Count; i++)
        {
            var (name, tensor) = tensors[i];
            json.WriteStartObject(name);
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(start);
            json.WriteNumberValue(start += sizes[i]);
            json.WriteEndArray();
            json.WriteString("dtype", SafeTensorsFile.Names[tensor.Type]);
            json.WriteStartArray("shape");
            foreach (var dimension in tensor.Shape)
            {
                json.WriteNumberValue(dimension);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
    });
}
