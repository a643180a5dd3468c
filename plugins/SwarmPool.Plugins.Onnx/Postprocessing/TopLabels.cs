using System.Globalization;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>"top-k": the labels with the highest probabilities, the highest first; of equals the first in the model's order.</summary>
internal sealed class TopLabels(string output, IReadOnlyList<string> given, IStepFile? file, int most, string scores) : IPostprocessor
{
    private const int MostLabels = 1_000_000;

    private IReadOnlyList<string>? read;

    public static TopLabels Make(IStepParameters reader)
    {
        var output = reader.Output("output", types: Postprocessors.Floats);
        var file = reader.File("labels_file", optional: true);
        var labels = file is null ? reader.Texts("labels", most: 100_000) : [];
        if (file is null && output is not null && output.SmallestCount > 1 && output.SmallestCount != labels.Count)
        {
            reader.Problem("labels", $"there are {labels.Count} for output \"{output.Name}\", which is {output}; write one for each score");
        }

        return new TopLabels(output?.Name ?? "", labels, file, reader.Integer("k", 1, 1000, otherwise: 5), reader.Choice("scores", "softmax", "softmax", "sigmoid", "probabilities"));
    }

    public void Load() => read = file is null ? null : StepFile.Lines(file, MostLabels);

    public ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs, AnswerContext context)
    {
        var labels = read ?? given;
        var values = OutputJson.Finite(output, outputs[output].ToFloats());
        if (values.Length != labels.Count)
        {
            throw new InferenceException($"The model gave {values.Length} scores in output \"{output}\" for {labels.Count} labels; its model.json does not fit it.");
        }

        var probabilities = scores switch
        {
            "softmax" => SoftmaxArgmax.Softmax(values),
            "sigmoid" => Array.ConvertAll(values, static value => 1 / (1 + Math.Exp(-value))),
            _ => Array.ConvertAll(values, static value => (double)value),
        };
        var top = Enumerable.Range(0, labels.Count).OrderByDescending(i => probabilities[i]).Take(most).ToList();
        return new ModelAnswer(
            OutputJson.Write(context.MaxBytes, json =>
            {
                json.WriteStartArray("labels");
                foreach (var i in top)
                {
                    json.WriteStartObject();
                    json.WritePropertyName("label");
                    OutputJson.Text(json, labels[i]);
                    json.WriteString("probability", Decimal(probabilities[i]));
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }),
            probabilities[top[0]] is >= 0 and <= 1 ? Decimal(probabilities[top[0]]) : null);
    }

    private static string Decimal(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
