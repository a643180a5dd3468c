using SwarmPool.Tools.Digits.Training;
using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Digits.Onnx;

/// <summary>Writes the network as an ONNX file: Flatten, Gemm, Relu, Gemm.</summary>
/// <remarks>Field numbers are onnx.proto's (ONNX IR version 8, operator set 13).</remarks>
internal static class OnnxWriter
{
    public const string Input = "image";
    public const string Output = "logits";
    private const int Float = 1;

    public static byte[] Write(Network network)
    {
        var graph = new ProtobufWriter()
            .Message(1, Node("Flatten", "cells", Input))
            .Message(1, Node("Gemm", "weighted", "cells", "hidden_weights", "hidden_bias"))
            .Message(1, Node("Relu", "hidden", "weighted"))
            .Message(1, Node("Gemm", Output, "hidden", "output_weights", "output_bias"))
            .Text(2, "digits")
            .Message(5, Tensor("hidden_weights", network.HiddenWeights, GlyphImage.Cells, Network.Hidden))
            .Message(5, Tensor("hidden_bias", network.HiddenBias, Network.Hidden))
            .Message(5, Tensor("output_weights", network.OutputWeights, Network.Hidden, Network.Digits))
            .Message(5, Tensor("output_bias", network.OutputBias, Network.Digits))
            .Message(11, Value(Input, 1, GlyphImage.Size, GlyphImage.Size))
            .Message(12, Value(Output, Network.Digits));

        return new ProtobufWriter()
            .Int(1, 8)
            .Text(2, "swarm-digits")
            .Message(7, graph)
            .Message(8, new ProtobufWriter().Text(1, "").Int(2, 13))
            .ToArray();
    }

    private static ProtobufWriter Node(string operation, string output, params string[] inputs)
    {
        var node = new ProtobufWriter();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        return node.Text(2, output).Text(3, output).Text(4, operation);
    }

    private static ProtobufWriter Tensor(string name, float[] values, params int[] shape)
    {
        var tensor = new ProtobufWriter();
        foreach (var dimension in shape)
        {
            tensor.Int(1, dimension);
        }

        return tensor.Int(2, Float).Text(8, name).Floats(9, values);
    }

    // The first dimension is the batch, of any size.
    private static ProtobufWriter Value(string name, params int[] shape)
    {
        var dimensions = new ProtobufWriter().Message(1, new ProtobufWriter().Text(2, "n"));
        foreach (var dimension in shape)
        {
            dimensions.Message(1, new ProtobufWriter().Int(1, dimension));
        }

        var type = new ProtobufWriter().Message(1, new ProtobufWriter().Int(1, Float).Message(2, dimensions));
        return new ProtobufWriter().Text(1, name).Message(2, type);
    }
}
