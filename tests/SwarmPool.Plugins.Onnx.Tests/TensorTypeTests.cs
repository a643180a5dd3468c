using System.Text;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>Every element type that a manifest can name goes in and comes out; a model of each kind computes.</summary>
public sealed class TensorTypeTests
{
    /// <summary>Elements at the ends of what each type has, as they come out.</summary>
    public static TheoryData<string, string> Elements => new()
    {
        { "float32", "\"-3.4028235E+38\",\"0.1\",\"1E-45\"" },
        { "float64", "\"-1.7976931348623157E+308\",\"0.1\",\"5E-324\"" },
        { "float16", "\"-65500\",\"0.1\",\"6E-08\"" },
        { "bfloat16", "\"-3.3895314E+38\",\"0.5\",\"-0\"" },
        { "int8", "\"-128\",\"0\",\"127\"" },
        { "uint8", "\"0\",\"1\",\"255\"" },
        { "int16", "\"-32768\",\"0\",\"32767\"" },
        { "uint16", "\"0\",\"1\",\"65535\"" },
        { "int32", "\"-2147483648\",\"0\",\"2147483647\"" },
        { "uint32", "\"0\",\"1\",\"4294967295\"" },
        { "int64", "\"-9223372036854775808\",\"0\",\"9223372036854775807\"" },
        { "uint64", "\"0\",\"1\",\"18446744073709551615\"" },
        { "bool", "true,false,true" },
        { "string", "\"\",\"Käse 🧀\",\"a\\\"\\\\\\n\"" },
    };

    [Fact]
    public void EveryTypeHasItsRow() => Assert.Equal(OnnxGraph.TypeNames.Order(StringComparer.Ordinal), Elements.Select(static row => row.Data.Item1).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Elements))]
    public async Task ElementsOfEveryTypeGoInAndComeOut(string type, string elements)
    {
        var model = new OnnxGraph().Input("x", type, "n").Output("y", type, "n").Node("Identity", ["x"], ["y"]);
        await using var made = new MadeModel(model.ToArray(), Manifest(type, type));
        Assert.Equal($"{{\"outputs\":{{\"y\":{{\"data\":[{elements}],\"shape\":[3]}}}}}}", await made.AnswerAsync(Input("[3]", elements)));
    }

    [Theory]
    [InlineData("float16", "1,\"0.1\",-3", "\"2\",\"0.2\",\"-6\"")]
    [InlineData("float64", "1,\"0.1\",\"1e300\"", "\"2\",\"0.2\",\"2E+300\"")]
    public async Task FloatsAreAdded(string type, string input, string expected)
    {
        var model = new OnnxGraph().Input("x", type, "n").Output("y", type, "n").Node("Add", ["x", "x"], ["y"]);
        await using var made = new MadeModel(model.ToArray(), Manifest(type, type));
        Assert.Contains($"[{expected}]", await made.AnswerAsync(Input("[3]", input)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BFloatsAreRoundedToTheNearest()
    {
        // On the CPU ONNX Runtime computes in float32 between casts. 1.00390625 is halfway between two: it goes to the even one, 1.
        var model = new OnnxGraph().Input("x", "bfloat16", "n").Output("y", "bfloat16", "n")
            .Node("Cast", ["x"], ["f"], ("to", OnnxGraph.TypeNumber("float32")))
            .Node("Add", ["f", "f"], ["d"])
            .Node("Cast", ["d"], ["y"], ("to", OnnxGraph.TypeNumber("bfloat16")));
        await using var made = new MadeModel(model.ToArray(), Manifest("bfloat16", "bfloat16"));
        Assert.Contains("[\"2\",\"2.015625\",\"-6\"]", await made.AnswerAsync(Input("[3]", "1.00390625,\"1.01\",-3")), StringComparison.Ordinal);
        Assert.Contains("number 0 of input \"x\" is not a finite bfloat16", await made.RefusalAsync(Input("[1]", "3.4e38")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BytesAreCombinedBitByBit()
    {
        var model = new OnnxGraph().Input("x", "uint8", "n").Weights("w", "uint8", [1], [0x0F]).Output("y", "uint8", "n").Node("BitwiseXor", ["x", "w"], ["y"]);
        await using var made = new MadeModel(model.ToArray(), Manifest("uint8", "uint8"));
        Assert.Contains("[\"15\",\"240\",\"0\"]", await made.AnswerAsync(Input("[3]", "0,255,15")), StringComparison.Ordinal);
        Assert.Contains("number 1 of input \"x\" is not a finite uint8", await made.RefusalAsync(Input("[2]", "0,256")), StringComparison.Ordinal);
        Assert.Contains("number 0 of input \"x\" is not a finite uint8", await made.RefusalAsync(Input("[1]", "0.5")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TextsAreJoined()
    {
        var model = new OnnxGraph().Input("x", "string", "n").Texts("w", "!").Output("y", "string", "n").Node("StringConcat", ["x", "w"], ["y"]);
        await using var made = new MadeModel(model.ToArray(), Manifest("string", "string"));
        Assert.Contains("[\"ja!\",\"été!\"]", await made.AnswerAsync(Input("[2]", "\"ja\",\"été\"")), StringComparison.Ordinal);
        Assert.Contains("text 0 of input \"x\" is not a string", await made.RefusalAsync(Input("[1]", "5")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeveralInputsOfSeveralTypesDecideTogether()
    {
        var model = new OnnxGraph().Input("which", "bool", "n").Input("a", "int16", "n").Input("b", "int16", "n").Output("y", "int64", "n")
            .Node("Cast", ["a"], ["a64"], ("to", 7)).Node("Cast", ["b"], ["b64"], ("to", 7)).Node("Where", ["which", "a64", "b64"], ["y"]);
        await using var made = new MadeModel(
            model.ToArray(),
            """{"inputs":[{"name":"which","type":"bool","shape":["n"]},{"name":"a","type":"int16","shape":["n"]},{"name":"b","type":"int16","shape":["n"]}],"outputs":[{"name":"y","type":"int64","shape":["n"]}]}""");
        Assert.Equal(
            """{"outputs":{"y":{"data":["1","-4"],"shape":[2]}}}""",
            await made.AnswerAsync("""{"inputs":{"which":{"shape":[2],"data":[true,false]},"a":{"shape":[2],"data":[1,2]},"b":{"shape":[2],"data":[3,-4]}}}"""));
        Assert.Contains("value 1 of input \"which\" is not true or false", await made.RefusalAsync("""{"inputs":{"which":{"shape":[2],"data":[true,1]},"a":{"shape":[2],"data":[1,2]},"b":{"shape":[2],"data":[3,-4]}}}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConstantsAreOfTheInputsType()
    {
        var model = new OnnxGraph().Input("x", "float16", "n").Input("k", "float16").Output("y", "float16", "n").Node("Mul", ["x", "k"], ["y"]);
        var manifest = """
            {"inputs":[{"name":"x","type":"float16","shape":["n"]},{"name":"k","type":"float16","shape":[]}],"outputs":[{"name":"y","type":"float16","shape":["n"]}],
             "preprocess":{"kind":"tensor-json","inputs":["x"]},"runner":{"kind":"single","constants":{"k":VALUE}}}
            """;
        await using var made = new MadeModel(model.ToArray(), manifest.Replace("VALUE", "2.5", StringComparison.Ordinal));
        Assert.Contains("[\"5\"]", await made.AnswerAsync(Input("[1]", "2")), StringComparison.Ordinal);
        await using var wrong = new MadeModel(model.ToArray(), manifest.Replace("VALUE", "70000", StringComparison.Ordinal));
        Assert.Contains("$.runner.constants.k: write the one number that fills float16[]", await wrong.StartRefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATypeThatNoManifestCanNameIsNamed()
    {
        var model = new OnnxGraph().Input("x", "float32", "n").Output("y", "float64", "n").Node("Cast", ["x"], ["y"], ("to", 11));
        await using var made = new MadeModel(model.ToArray(), Manifest("float32", "float16"));
        var refusal = await made.LoadRefusalAsync();
        Assert.Contains("output \"y\" is float64[n], not float16[n]", refusal, StringComparison.Ordinal);
        Assert.EndsWith("(SP5113)", refusal, StringComparison.Ordinal);
        await using var unknown = new MadeModel(model.ToArray(), Manifest("float32", "float8"));
        Assert.Contains("$.outputs[0].type: write one of float32, float64, float16, bfloat16, int8, uint8, int16, uint16, int32, uint32, int64, uint64, bool, string, not \"float8\"", await unknown.StartRefusalAsync(), StringComparison.Ordinal);
    }

    private static string Manifest(string input, string output) =>
        $$"""{"inputs":[{"name":"x","type":"{{input}}","shape":["n"]}],"outputs":[{"name":"y","type":"{{output}}","shape":["n"]}]}""";

    private static byte[] Input(string shape, string data) => Encoding.UTF8.GetBytes("""{"inputs":{"x":{"shape":SHAPE,"data":[DATA]}}}""".Replace("SHAPE", shape, StringComparison.Ordinal).Replace("DATA", data, StringComparison.Ordinal));
}
