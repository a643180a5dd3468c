using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>Writes an ONNX model, node by node.</summary>
/// <remarks>Field numbers are onnx.proto's (ONNX IR version 10).</remarks>
internal sealed class OnnxGraph(int opset = 21, int version = 10, string domain = "")
{
    private static readonly Dictionary<string, int> Types = new(StringComparer.Ordinal)
    {
        ["float32"] = 1,
        ["uint8"] = 2,
        ["int8"] = 3,
        ["uint16"] = 4,
        ["int16"] = 5,
        ["int32"] = 6,
        ["int64"] = 7,
        ["string"] = 8,
        ["bool"] = 9,
        ["float16"] = 10,
        ["float64"] = 11,
        ["uint32"] = 12,
        ["uint64"] = 13,
        ["bfloat16"] = 16,
        ["complex64"] = 14,
    };

    private readonly Proto graph = new Proto().Text(2, "g");

    public static IReadOnlyList<string> TypeNames => [.. Types.Keys.Where(static name => name != "complex64")];

    public static int TypeNumber(string type) => Types[type];

    /// <summary>A dimension is a number, or a name for an open one.</summary>
    public OnnxGraph Input(string name, string type, params object[] shape) => Add(11, name, type, shape);

    public OnnxGraph Output(string name, string type, params object[] shape) => Add(12, name, type, shape);

    /// <summary>A node; an attribute is a whole number, a fraction, a list of whole numbers, a text or a tensor.</summary>
    public OnnxGraph Node(string operation, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new Proto();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        foreach (var output in outputs)
        {
            node.Text(2, output);
        }

        node.Text(4, operation);
        foreach (var (name, value) in attributes)
        {
            node.Message(5, Attribute(name, value));
        }

        graph.Message(1, node);
        return this;
    }

    /// <summary>Weights: raw little-endian bytes, or texts.</summary>
    public OnnxGraph Weights(string name, string type, int[] shape, byte[] raw)
    {
        graph.Message(5, Tensor(type, shape, raw).Text(8, name));
        return this;
    }

    public OnnxGraph Texts(string name, params string[] texts)
    {
        var tensor = new Proto().Int(1, texts.Length).Int(2, 8);
        foreach (var text in texts)
        {
            tensor.Bytes(6, Encoding.UTF8.GetBytes(text));
        }

        graph.Message(5, tensor.Text(8, name));
        return this;
    }

    public static Proto Tensor(string type, int[] shape, byte[] raw)
    {
        var tensor = new Proto();
        foreach (var dimension in shape)
        {
            tensor.Int(1, dimension);
        }

        return tensor.Int(2, Types[type]).Bytes(9, raw);
    }

    public static byte[] Floats(params float[] values)
    {
        var raw = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(i * 4), values[i]);
        }

        return raw;
    }

    public static byte[] Longs(params long[] values)
    {
        var raw = new byte[values.Length * 8];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(i * 8), values[i]);
        }

        return raw;
    }

    public byte[] ToArray() => new Proto().Int(1, version).Message(7, graph).Message(8, new Proto().Text(1, domain).Int(2, opset)).ToArray();

    private OnnxGraph Add(int field, string name, string type, object[] shape)
    {
        var dimensions = new Proto();
        foreach (var dimension in shape)
        {
            dimensions.Message(1, dimension is string open ? new Proto().Text(2, open) : new Proto().Int(1, Convert.ToInt64(dimension, CultureInfo.InvariantCulture)));
        }

        graph.Message(field, new Proto().Text(1, name).Message(2, new Proto().Message(1, new Proto().Int(1, Types[type]).Message(2, dimensions))));
        return this;
    }

    private static Proto Attribute(string name, object value)
    {
        var attribute = new Proto().Text(1, name);
        switch (value)
        {
            case int number:
                return attribute.Int(3, number).Int(20, 2);
            case float number:
                return attribute.Fixed(2, number).Int(20, 1);
            case string text:
                return attribute.Text(4, text).Int(20, 3);
            case Proto tensor:
                return attribute.Message(5, tensor).Int(20, 4);
            default:
                foreach (var number in (int[])value)
                {
                    attribute.Int(8, number);
                }

                return attribute.Int(20, 7);
        }
    }
}
