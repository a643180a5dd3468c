using System.Text;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Texts;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>"token-text": token ids as the text that they spell.</summary>
internal sealed class TokenText(string output, ITokens tokens, IReadOnlySet<long> skip, bool trims, bool isJson) : IPostprocessor
{
    private const int MostSkipped = 65_536;

    public static TokenText Make(IStepParameters reader)
    {
        var output = reader.Output("output", types: [TensorType.Int64, TensorType.Int32]);
        var skip = reader.Numbers("skip", 0, 10_000_000, MostSkipped).Select(static number => (long)number).ToHashSet();
        var trims = reader.Flag("trim", otherwise: true);
        var isJson = reader.Choice("form", "text", "text", "json") == "json";
        return new TokenText(output?.Name ?? "", reader.Object("tokenizer") is { } inner ? Tokenizers.Read(inner) : Tokenizers.None, skip, trims, isJson);
    }

    public void Load() => tokens.Load();

    public ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs, AnswerContext context)
    {
        var ids = outputs[output].Data is int[] small ? Array.ConvertAll(small, static id => (long)id) : (long[])outputs[output].Data;
        var text = tokens.Decode([.. ids.Where(id => !skip.Contains(id)).Select(Checked)]);
        text = trims ? text.Trim() : text;
        return isJson
            ? new ModelAnswer(OutputJson.Write(context.MaxBytes, json =>
            {
                json.WritePropertyName("text");
                OutputJson.Text(json, text);
                json.WriteNumber("tokens", ids.Length);
            }), Confidence: null)
            : new ModelAnswer(Encoding.UTF8.GetBytes(text), Confidence: null);
    }

    private int Checked(long id) => id is >= 0 and <= int.MaxValue ? (int)id : throw new InferenceException($"The model gave the token {id} in output \"{output}\", which is none.");
}
