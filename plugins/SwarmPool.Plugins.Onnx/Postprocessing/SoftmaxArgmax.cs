using System.Globalization;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>"softmax-argmax": the label with the highest score, its probability, and everybody's, with four decimals.</summary>
internal sealed class SoftmaxArgmax(string output, IReadOnlyList<string> labels) : IPostprocessor
{
    private readonly int[] byLabel = [.. Enumerable.Range(0, labels.Count).OrderBy(i => labels[i], StringComparer.Ordinal)];

    public ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs, AnswerContext context)
    {
        var scores = OutputJson.Finite(output, outputs[output].ToFloats());
        if (scores.Length != labels.Count)
        {
            throw new InferenceException($"The model gave {scores.Length} scores in output \"{output}\" for {labels.Count} labels; its model.json does not fit it.");
        }

        var probabilities = Softmax(scores);
        var best = Array.IndexOf(probabilities, probabilities.Max()); // The first of equals.
        var confidence = Text(probabilities[best]);
        var json = OutputJson.Write(context.MaxBytes, writer =>
        {
            writer.WriteString("confidence", confidence);
            writer.WriteString("label", labels[best]);
            writer.WriteStartObject("scores");
            foreach (var i in byLabel)
            {
                writer.WriteString(labels[i], Text(probabilities[i]));
            }

            writer.WriteEndObject();
        });
        return new ModelAnswer(json, confidence);
    }

    internal static double[] Softmax(float[] scores)
    {
        var top = scores.Max();
        var powers = Array.ConvertAll(scores, score => Math.Exp(score - (double)top));
        var sum = powers.Sum();
        return Array.ConvertAll(powers, power => power / sum);
    }

    private static string Text(double probability) => probability.ToString("F4", CultureInfo.InvariantCulture);
}
