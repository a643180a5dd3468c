using System.Globalization;
using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Sums.Onnx;

/// <summary>Collects an ONNX graph's nodes and constants. Field numbers are onnx.proto's (ONNX IR version 8, operator set 13).</summary>
internal sealed class OnnxNodes
{
    private const int Float = 1;
    private const int Int64 = 7;

    private readonly ProtobufWriter graph = new();
    private readonly List<ProtobufWriter> constants = [];
    private int count;

    /// <summary>Adds a node with one output and gives the output's name.</summary>
    public string Node(string operation, params string[] inputs) => Node(operation, inputs, []);

    /// <summary>The same with attributes: whole numbers, or lists of them.</summary>
    public string Node(string operation, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var output = string.Create(CultureInfo.InvariantCulture, $"{operation.ToLowerInvariant()}_{++count}");
        Add(operation, output, inputs, attributes);
        return output;
    }

    /// <summary>Adds a node whose output is the graph's.</summary>
    public void Last(string operation, string output, params string[] inputs) => Add(operation, output, inputs, []);

    public string Constant(string name, float[] values, params int[] shape)
    {
        constants.Add(Tensor(name, Float, shape).Floats(9, values));
        return name;
    }

    public string Constant(string name, params long[] values)
    {
        constants.Add(Tensor(name, Int64, [values.Length]).Longs(9, values));
        return name;
    }

    /// <summary>The file.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="input">An input of whole numbers, with its named dimensions.</param>
    /// <param name="output">An output of floats, with its dimensions: names, or numbers.</param>
    public byte[] ToArray(string name, (string Name, string[] Shape) input, (string Name, object[] Shape) output)
    {
        graph.Text(2, name);
        constants.ForEach(constant => graph.Message(5, constant));
        graph.Message(11, Value(input.Name, Int64, [.. input.Shape])).Message(12, Value(output.Name, Float, output.Shape));
        return new ProtobufWriter()
            .Int(1, 8)
            .Text(2, "swarm-sums")
            .Message(7, graph)
            .Message(8, new ProtobufWriter().Text(1, "").Int(2, 13))
            .ToArray();
    }

    private static ProtobufWriter Tensor(string name, int type, int[] shape)
    {
        var tensor = new ProtobufWriter();
        foreach (var dimension in shape)
        {
            tensor.Int(1, dimension);
        }

        return tensor.Int(2, type).Text(8, name);
    }

    private static ProtobufWriter Value(string name, int type, object[] shape)
    {
        var dimensions = new ProtobufWriter();
        foreach (var dimension in shape)
        {
            dimensions.Message(1, dimension is string text ? new ProtobufWriter().Text(2, text) : new ProtobufWriter().Int(1, (int)dimension));
        }

        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, new ProtobufWriter().Int(1, type).Message(2, dimensions)));
    }

    private void Add(string operation, string output, string[] inputs, (string Name, object Value)[] attributes)
    {
        var node = new ProtobufWriter();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(3, output).Text(4, operation);
        foreach (var (name, value) in attributes)
        {
            var attribute = new ProtobufWriter().Text(1, name);
            if (value is long[] many)
            {
                foreach (var one in many)
                {
                    attribute.Int(8, one);
                }

                attribute.Int(20, 7);
            }
            else
            {
                attribute.Int(3, (int)value).Int(20, 2);
            }

            node.Message(5, attribute);
        }

        graph.Message(1, node);
    }
}
