using System.Globalization;
using System.Text.Json;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>"tensor-json": every output's numbers as the shortest decimal strings that read back to the same value.</summary>
internal sealed class RawTensors : IPostprocessor
{
    public ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs) => new(
        OutputJson.Write(json =>
        {
            json.WriteStartObject("outputs");
            foreach (var (name, tensor) in outputs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteStartObject(name);
                WriteData(json, name, tensor.Data);
                json.WriteStartArray("shape");
                foreach (var dimension in tensor.Shape)
                {
                    json.WriteNumberValue(dimension);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }),
        Confidence: null);

    private static void WriteData(Utf8JsonWriter json, string name, Array data)
    {
        if (data is float[] floats)
        {
            OutputJson.Finite(name, floats);
        }

        json.WriteStartArray("data");
        foreach (IFormattable value in data)
        {
            json.WriteStringValue(value.ToString(value is float ? "R" : "D", CultureInfo.InvariantCulture));
        }

        json.WriteEndArray();
    }
}
