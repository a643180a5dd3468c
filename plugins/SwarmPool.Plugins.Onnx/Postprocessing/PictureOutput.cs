using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Pictures;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>"png": an output as a picture: one or three channels, value · scale + offset as 0 to 255, cut off at both ends.</summary>
internal sealed class PictureOutput(string output, bool isChannelsFirst, bool isBgr, double scale, double offset) : IPostprocessor
{
    public static PictureOutput Make(IStepParameters reader)
    {
        var output = reader.Output("output", types: [TensorType.Float32, TensorType.Float16, TensorType.BFloat16, TensorType.Float64, TensorType.UInt8]);
        if (output is not null && output.Shape.Count != 4)
        {
            reader.Problem("output", $"\"{output.Name}\" is {output}; one of [1, channels, height, width] or [1, height, width, channels] is needed");
        }

        return new PictureOutput(
            output?.Name ?? "",
            reader.Choice("layout", "nchw", "nchw", "nhwc") == "nchw",
            reader.Choice("colour", "rgb", "rgb", "bgr") == "bgr",
            reader.Number("scale", -1e6, 1e6, otherwise: output?.Type == TensorType.UInt8 ? 1 : 255),
            reader.Number("offset", -1e6, 1e6, otherwise: 0));
    }

    public ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs, AnswerContext context)
    {
        var tensor = outputs[output];
        var (channels, height, width) = isChannelsFirst ? (tensor.Shape[1], tensor.Shape[2], tensor.Shape[3]) : (tensor.Shape[3], tensor.Shape[1], tensor.Shape[2]);
        if (tensor.Shape[0] != 1 || channels is not (1 or 3) || height is < 1 or > PictureHeader.MaxSide || width is < 1 or > PictureHeader.MaxSide)
        {
            throw new InferenceException($"The model gave [{string.Join(',', tensor.Shape)}] in output \"{output}\", which is no picture. Its model.json does not fit it.");
        }

        var values = OutputJson.Finite(output, tensor.ToFloats());
        var pixels = new byte[values.Length];
        var (count, each) = ((int)(height * width), (int)channels);
        for (var i = 0; i < count; i++)
        {
            for (var c = 0; c < each; c++)
            {
                var value = values[isChannelsFirst ? (c * count) + i : (i * each) + c];
                pixels[(i * each) + (isBgr ? each - 1 - c : c)] = (byte)Math.Clamp(Math.Round((value * scale) + offset), 0, 255);
            }
        }

        return new ModelAnswer(PngWriter.Write((int)width, (int)height, each, pixels, context.MaxBytes), Confidence: null);
    }
}
