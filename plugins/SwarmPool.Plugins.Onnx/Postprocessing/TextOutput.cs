using System.Text;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>"text": an output of strings as text, a line each, in UTF-8.</summary>
internal sealed class TextOutput(string output) : IPostprocessor
{
    public static TextOutput Make(IStepParameters reader) => new(reader.Output("output", types: TensorType.String)?.Name ?? "");

    public ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs, AnswerContext context)
    {
        var lines = (string[])outputs[output].Data;
        return lines.Sum(static line => (long)line.Length + 1) <= context.MaxBytes
            ? new ModelAnswer(Encoding.UTF8.GetBytes(string.Join('\n', lines)), Confidence: null)
            : throw OnnxFault.Refuse(OnnxFault.OutputTooLarge, $"The model's text has more than {context.MaxBytes} bytes (max_output_bytes). Send a smaller input.");
    }
}
