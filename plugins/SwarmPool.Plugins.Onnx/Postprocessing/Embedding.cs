using System.Globalization;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>"embedding": the vector of a whole text or picture, from one a token or as the model gives it. Sums are in float64, token by token.</summary>
internal sealed class Embedding(string output, string pooling, string? mask, bool normalises, bool isRaw) : IPostprocessor
{
    public static Embedding Make(IStepParameters reader)
    {
        var output = reader.Output("output", types: Postprocessors.Floats);
        var pooling = reader.Choice("pooling", null, "mean", "cls", "none");
        var mask = pooling == "mean" ? reader.Input("mask", optional: true, TensorType.Int64, TensorType.Int32)?.Name : null;
        if (output is not null && output.Shape.Count != (pooling == "none" ? 2 : 3))
        {
            reader.Problem("output", $"\"{output.Name}\" is {output}; one of {(pooling == "none" ? "[1, dimensions]" : "[1, tokens, dimensions]")} is needed");
        }

        var isRaw = reader.Choice("form", "json", "json", "raw") == "raw";
        return new Embedding(output?.Name ?? "", pooling, mask, reader.Flag("normalise", otherwise: true), isRaw);
    }

    public ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs, AnswerContext context)
    {
        var tensor = outputs[output];
        var values = OutputJson.Finite(output, tensor.ToFloats());
        var vector = Pool(tensor, values, context.Input);
        if (normalises)
        {
            var length = Math.Sqrt(vector.Sum(static value => value * value));
            vector = length > 0 ? Array.ConvertAll(vector, value => value / length) : throw new InferenceException("The model gave a vector of zeros, which has no direction. The input or the model is wrong.");
        }

        var floats = OutputJson.Finite(output, Array.ConvertAll(vector, static value => (float)value));
        return new ModelAnswer(isRaw ? RawBytes.Of(floats) : OutputJson.Write(context.MaxBytes, json =>
        {
            json.WriteNumber("dimensions", floats.Length);
            json.WriteStartArray("embedding");
            foreach (var value in floats)
            {
                json.WriteStringValue(value.ToString("R", CultureInfo.InvariantCulture));
            }

            json.WriteEndArray();
        }), Confidence: null);
    }

    private double[] Pool(ModelTensor tensor, float[] values, PreparedInput input)
    {
        var rank = pooling == "none" ? 2 : 3;
        if (tensor.Shape.Count != rank || tensor.Shape[0] != 1 || values.Length == 0)
        {
            throw new InferenceException($"The model gave [{string.Join(',', tensor.Shape)}] in output \"{output}\"; one of a single text is needed. Its model.json does not fit it.");
        }

        var dimensions = (int)tensor.Shape[^1];
        var vector = new double[dimensions];
        if (pooling != "mean")
        {
            return Array.ConvertAll(values[..dimensions], static value => (double)value);
        }

        var tokens = (int)tensor.Shape[1];
        var counts = mask is null ? null : input.Tensors[mask].ToFloats();
        if (counts is not null && counts.Length != tokens)
        {
            throw new InferenceException($"The model gave {tokens} vectors for {counts.Length} tokens; its model.json does not fit it.");
        }

        var used = 0;
        for (var token = 0; token < tokens; token++)
        {
            if (counts is null || counts[token] != 0)
            {
                used++;
                for (var i = 0; i < dimensions; i++)
                {
                    vector[i] += values[(token * dimensions) + i];
                }
            }
        }

        return Array.ConvertAll(vector, value => value / Math.Max(used, 1));
    }
}
