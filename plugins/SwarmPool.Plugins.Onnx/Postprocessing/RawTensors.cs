using System.Globalization;
using System.Text.Json;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>"tensor-json": every output's numbers as the shortest decimal strings that read back to the same value; truth values and texts as such.</summary>
internal sealed class RawTensors : IPostprocessor
{
    private const int LeastBytesAnElement = 4; // "0",

    public ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs, AnswerContext context)
    {
        if (outputs.Values.Sum(static output => output.Data.LongLength) * LeastBytesAnElement > context.MaxBytes)
        {
            throw OnnxFault.Refuse(OnnxFault.OutputTooLarge, $"The outputs have {outputs.Values.Sum(static output => output.Data.LongLength)} elements, too many for an answer of {context.MaxBytes} bytes (max_output_bytes). Send a smaller input, or take another postprocess.kind.");
        }

        return new ModelAnswer(OutputJson.Write(context.MaxBytes, json => Write(json, outputs, context.CancellationToken)), Confidence: null);
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, ModelTensor> outputs, CancellationToken cancellationToken)
    {
        json.WriteStartObject("outputs");
        foreach (var (name, tensor) in outputs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            json.WriteStartObject(name);
            json.WriteStartArray("data");
            WriteData(json, name, tensor.Data);
            json.WriteEndArray();
            json.WriteStartArray("shape");
            foreach (var dimension in tensor.Shape)
            {
                json.WriteNumberValue(dimension);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter json, string name, Array data)
    {
        var place = 0;
        foreach (var value in data)
        {
            switch (value)
            {
                case bool truth:
                    json.WriteBooleanValue(truth);
                    break;
                case string text:
                    OutputJson.Text(json, text);
                    break;
                default:
                    json.WriteStringValue(Number(name, place, value));
                    break;
            }

            OutputJson.FlushLarge(json);
            place++;
        }
    }

    private static string Number(string name, int place, object value)
    {
        var (text, isFinite) = value switch
        {
            float number => (number.ToString("R", CultureInfo.InvariantCulture), float.IsFinite(number)),
            double number => (number.ToString("R", CultureInfo.InvariantCulture), double.IsFinite(number)),
            Half number => (number.ToString("R", CultureInfo.InvariantCulture), Half.IsFinite(number)),
            BFloat16 number => (number.ToString(), float.IsFinite(number.ToSingle())),
            _ => (((IFormattable)value).ToString("D", CultureInfo.InvariantCulture), true),
        };
        return isFinite
            ? text
            : throw new InferenceException(FormattableString.Invariant($"The model gave {text} at place {place} of output \"{name}\", which is not a number. The input or the model is wrong."));
    }
}
