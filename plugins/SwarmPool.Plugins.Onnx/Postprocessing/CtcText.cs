using System.Globalization;
using System.Text;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>"ctc-text": the surest character of each step; what repeats counts once, and blanks part what repeats (connectionist temporal classification).</summary>
internal sealed class CtcText(string output, IStepFile dictionary, int blank, bool addsSpace, bool trims, bool isTimeFirst, bool isJson) : IPostprocessor
{
    private const int MostCharacters = 1_000_000;

    private List<string> characters = [];

    public static CtcText? Read(IStepParameters reader)
    {
        var output = reader.Output("output", types: Postprocessors.Floats);
        if (output is not null && output.Shape.Count != 3)
        {
            reader.Problem("output", $"\"{output.Name}\" is {output}; one of [1, steps, characters] is needed");
        }

        var dictionary = reader.File("dictionary");
        var blank = reader.Choice("blank", "first", "first", "last") == "first" ? 0 : -1;
        var addsSpace = reader.Flag("add_space", otherwise: false);
        var trims = reader.Flag("trim", otherwise: false);
        var isTimeFirst = reader.Choice("layout", "batch-first", "batch-first", "time-first") == "time-first";
        var isJson = reader.Choice("form", "text", "text", "json") == "json";
        return dictionary is null ? null : new CtcText(output?.Name ?? "", dictionary, blank, addsSpace, trims, isTimeFirst, isJson);
    }

    public void Load()
    {
        List<string> read = [.. StepFile.Lines(dictionary, MostCharacters), .. addsSpace ? [" "] : Array.Empty<string>()];
        read.Insert(blank == 0 ? 0 : read.Count, "");
        characters = read;
    }

    public ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs, AnswerContext context)
    {
        var tensor = outputs[output];
        var (batch, steps) = isTimeFirst ? (tensor.Shape[1], tensor.Shape[0]) : (tensor.Shape[0], tensor.Shape[1]);
        if (batch != 1 || tensor.Shape[2] != characters.Count)
        {
            throw new InferenceException($"The model gave [{string.Join(',', tensor.Shape)}] in output \"{output}\", and {dictionary.Name} makes {characters.Count} characters, the blank included; its model.json does not fit it.");
        }

        var values = OutputJson.Finite(output, tensor.ToFloats());
        var (text, confidence) = Decode(values, (int)steps);
        var sure = confidence?.ToString("F4", CultureInfo.InvariantCulture);
        return isJson
            ? new ModelAnswer(OutputJson.Write(context.MaxBytes, json =>
            {
                json.WriteString("confidence", sure ?? "0.0000");
                json.WritePropertyName("text");
                OutputJson.Text(json, text);
            }), sure)
            : new ModelAnswer(Encoding.UTF8.GetBytes(text), sure);
    }

    // How sure it is: the mean over the characters that stay, when the model gives probabilities.
    private (string Text, double? Confidence) Decode(float[] values, int steps)
    {
        var text = new StringBuilder();
        var (sum, count, before, areProbabilities) = (0.0, 0, -1, true);
        for (var step = 0; step < steps; step++)
        {
            var scores = values.AsSpan(step * characters.Count, characters.Count);
            var best = 0;
            for (var i = 1; i < scores.Length; i++)
            {
                best = scores[i] > scores[best] ? i : best;
            }

            areProbabilities &= scores[best] is >= 0 and <= 1.0001f;
            if (best != before && characters[best].Length > 0)
            {
                text.Append(characters[best]);
                sum += scores[best];
                count++;
            }

            before = best;
        }

        return (trims ? text.ToString().Trim() : text.ToString(), areProbabilities && count > 0 ? Math.Min(1, sum / count) : null);
    }
}
