using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>Makes the model y = x·W, W being a number that is in another file, at any place where ONNX allows a tensor.</summary>
internal sealed class ExternalModels
{
    public const string Name = "times-w";
    public const string JobType = "numbers";

    /// <summary>Where W is, each a place of its own in the format.</summary>
    public static readonly string[] Holders = ["initializer", "constant", "subgraph", "function", "sparse"];

    /// <summary>W's entries in the other file; keys of external_data.</summary>
    public static byte[] W(string location, int offset = 0, int? length = 4, bool isSparse = false)
    {
        var tensor = new Proto().Int(1, 1);
        if (!isSparse)
        {
            tensor.Int(1, 1);
        }

        tensor.Int(2, 1).Text(8, "W").Message(13, Entry("location", location)).Message(13, Entry("offset", Invariant(offset)));
        if (length is { } bytes)
        {
            tensor.Message(13, Entry("length", Invariant(bytes)));
        }

        return tensor.Int(14, 1).ToArray();
    }

    public static byte[] Model(byte[] w, string holder = "initializer")
    {
        var graph = new Proto();
        var model = new Proto().Int(1, 8);
        switch (holder)
        {
            case "initializer":
                graph.Bytes(5, w);
                break;
            case "constant":
                graph.Message(1, Node("Constant", [], "W").Message(5, Attribute("value", 4).Bytes(5, w)));
                break;
            case "sparse":
                graph.Message(1, Node("Constant", [], "W").Message(5, Attribute("sparse_value", 11).Message(22, Sparse(w))));
                break;
            case "subgraph":
                graph.Bytes(5, new Proto().Int(2, 9).Text(8, "yes").Bytes(9, [1]).ToArray());
                graph.Message(1, Node("If", ["yes"], "W").Message(5, Attribute("then_branch", 5).Message(6, Branch(w))).Message(5, Attribute("else_branch", 5).Message(6, Branch(w))));
                break;
            case "function":
                graph.Message(1, Node("Weights", [], "W").Text(7, "here"));
                model.Message(25, new Proto().Text(1, "Weights").Text(10, "here").Text(5, "w")
                    .Message(7, Node("Constant", [], "w").Message(5, Attribute("value", 4).Bytes(5, w)))
                    .Message(9, new Proto().Text(1, "").Int(2, 13)));
                model.Message(8, new Proto().Text(1, "here").Int(2, 1));
                break;
        }

        graph.Message(1, Node("MatMul", ["x", "W"], "y")).Text(2, "g").Message(11, Value("x")).Message(12, Value("y"));
        return model.Message(7, graph).Message(8, new Proto().Text(1, "").Int(2, 13)).ToArray();
    }

    /// <summary>The model y = x, a matrix.</summary>
    public static byte[] Identity(int rows, int columns) => new Proto().Int(1, 8)
        .Message(7, new Proto().Message(1, Node("Identity", ["x"], "y")).Text(2, "g").Message(11, Value("x", rows, columns)).Message(12, Value("y", rows, columns)))
        .Message(8, new Proto().Text(1, "").Int(2, 13)).ToArray();

    /// <summary>A model folder with the model, the files beside it, and a model.json that lists them.</summary>
    public static string Add(TempModels models, byte[] model, params (string Name, byte[] Content)[] external)
    {
        var folder = Directory.CreateDirectory(Path.Combine(models.Folder, Name)).FullName;
        File.WriteAllBytes(Path.Combine(folder, "m.onnx"), model);
        foreach (var (name, content) in external)
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
        }

        Write(folder, [.. external.Select(file => (file.Name, Hash(file.Content)))]);
        return folder;
    }

    public static void Write(string folder, params (string Name, string Sha256)[] external)
    {
        var manifest = JsonNode.Parse("""
            {"name":"times-w","file":"m.onnx","job_types":["numbers"],
             "inputs":[{"name":"x","type":"float32","shape":[1,1]}],"outputs":[{"name":"y","type":"float32","shape":[1,1]}],
             "preprocess":{"kind":"tensor-json"},"runner":{"kind":"single"},"postprocess":{"kind":"tensor-json"}}
            """)!.AsObject();
        manifest["sha256"] = Hash(File.ReadAllBytes(Path.Combine(folder, "m.onnx")));
        if (external.Length > 0)
        {
            manifest["external"] = new JsonArray([.. external.Select(file => new JsonObject { ["file"] = file.Name, ["sha256"] = file.Sha256 })]);
        }

        File.WriteAllText(Path.Combine(folder, "model.json"), manifest.ToJsonString());
    }

    public static byte[] Number(float value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return bytes;
    }

    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static Proto Entry(string key, string value) => new Proto().Text(1, key).Text(2, value);

    private static Proto Sparse(byte[] w) => new Proto().Bytes(1, w).Message(2, new Proto().Int(1, 1).Int(2, 7).Text(8, "at").Bytes(9, new byte[8])).Int(3, 1).Int(3, 1);

    private static Proto Branch(byte[] w) => new Proto().Message(1, Node("Identity", ["W"], "w")).Text(2, "branch").Bytes(5, w).Message(12, Value("w"));

    private static Proto Attribute(string name, int type) => new Proto().Text(1, name).Int(20, type);

    private static Proto Node(string operation, string[] inputs, string output)
    {
        var node = new Proto();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        return node.Text(2, output).Text(4, operation);
    }

    private static Proto Value(string name, int rows = 1, int columns = 1)
    {
        var shape = new Proto().Message(1, new Proto().Int(1, rows)).Message(1, new Proto().Int(1, columns));
        return new Proto().Text(1, name).Message(2, new Proto().Message(1, new Proto().Int(1, 1).Message(2, shape)));
    }

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}
