using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using StbImageSharp;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>Answers that fit a person, or a program: text as text, pictures as PNG, arrays as raw numbers.</summary>
public sealed class OutputTests
{
    [Fact]
    public async Task TextComesAsText()
    {
        var model = new OnnxGraph().Input("x", "string", "n").Output("y", "string", "n").Node("Identity", ["x"], ["y"]);
        await using var made = new MadeModel(model.ToArray(), """
            {"inputs":[{"name":"x","type":"string","shape":["n"]}],"outputs":[{"name":"y","type":"string","shape":["n"]}],"postprocess":{"kind":"text","output":"y"}}
            """);
        Assert.Equal("één\ntwee", await made.AnswerAsync("""{"inputs":{"x":{"shape":[2],"data":["één","twee"]}}}"""));
    }

    [Theory]
    [InlineData("nchw", 3, "rgb")]
    [InlineData("nhwc", 3, "bgr")]
    [InlineData("nchw", 1, "rgb")]
    public async Task PicturesComeAsPng(string layout, int channels, string colour)
    {
        const int Width = 48;
        const int Height = 20;
        object[] shape = layout == "nchw" ? [1, channels, Height, Width] : [1, Height, Width, channels];
        var model = new OnnxGraph().Input("x", "float32", shape).Output("y", "float32", shape).Node("Identity", ["x"], ["y"]);
        var sides = string.Join(',', shape);
        await using var made = new MadeModel(model.ToArray(), """
            {"inputs":[{"name":"x","type":"float32","shape":[S]}],"outputs":[{"name":"y","type":"float32","shape":[S]}],
             "preprocess":{"kind":"safetensors"},"postprocess":{"kind":"png","output":"y","layout":"LAYOUT","colour":"COLOUR"}}
            """.Replace("S]", sides + "]", StringComparison.Ordinal).Replace("LAYOUT", layout, StringComparison.Ordinal).Replace("COLOUR", colour, StringComparison.Ordinal));
        var values = Enumerable.Range(0, Width * Height * channels).Select(static i => (i % 300) / 255f).ToArray(); // Beyond 1 too: cut off.
        var answer = await made.RunAsync(SafeTensor("x", "F32", $"[{sides}]", OnnxGraph.Floats(values)));
        var picture = ImageResult.FromMemory(answer.Output.ToArray(), channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue);
        Assert.Equal((Width, Height), (picture.Width, picture.Height));
        for (var i = 0; i < Width * Height; i++)
        {
            for (var c = 0; c < channels; c++)
            {
                var value = layout == "nchw" ? values[(c * Width * Height) + i] : values[(i * channels) + c];
                Assert.Equal((byte)Math.Min(Math.Round(value * 255.0), 255), picture.Data[(i * channels) + (colour == "bgr" ? channels - 1 - c : c)]);
            }
        }
    }

    [Theory]
    [InlineData("float32", "F32", 4)]
    [InlineData("float64", "F64", 8)]
    [InlineData("float16", "F16", 2)]
    [InlineData("bfloat16", "BF16", 2)]
    [InlineData("int8", "I8", 1)]
    [InlineData("uint8", "U8", 1)]
    [InlineData("int16", "I16", 2)]
    [InlineData("uint16", "U16", 2)]
    [InlineData("int32", "I32", 4)]
    [InlineData("uint32", "U32", 4)]
    [InlineData("int64", "I64", 8)]
    [InlineData("uint64", "U64", 8)]
    [InlineData("bool", "BOOL", 1)]
    public async Task ArraysGoInAndComeOutAsTheirBytes(string type, string name, int size)
    {
        await using var made = Raw(type);
        var numbers = Enumerable.Range(0, 3 * size).Select(i => type == "bool" ? (byte)(i % 2) : (byte)((i * 37) + 200)).ToArray();
        var answer = (await made.RunAsync(SafeTensor("x", name, "[3]", numbers))).Output;
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(answer.Span);
        Assert.Equal(0, length % 8);
        var expected = """{"y":{"data_offsets":[0,END],"dtype":"TYPE","shape":[3]}}""".Replace("END", FormattableString.Invariant($"{3 * size}"), StringComparison.Ordinal).Replace("TYPE", name, StringComparison.Ordinal);
        Assert.Equal(expected, Encoding.UTF8.GetString(answer.Span.Slice(8, length)).TrimEnd(' '));
        Assert.Equal(numbers, answer[(8 + length)..].ToArray());
    }

    public static TheoryData<string, byte[]> WrongFiles => new()
    {
        { "cut off", [] },
        { "cut off", [255, 255, 255, 255, 255, 255, 255, 127, 0] },
        { "its JSON is none", [2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'x'] },
        { "no input \"x\" of F32", SafeTensor("x", "F64", "[3]", new byte[24]) },
        { "there is no input \"z\"", SafeTensor("z", "F32", "[3]", new byte[12]) },
        { "the numbers of input \"x\" are not where it says", SafeTensor("x", "F32", "[4]", new byte[12]) },
        { "does not fit float32[n]", SafeTensor("x", "F32", "[3,1]", new byte[12]) },
        { "does not fit float32[n]", SafeTensor("x", "F32", "[9223372036854775807]", new byte[12]) },
        { "does not fit float32[n]", SafeTensor("x", "F32", "[-3]", new byte[12]) },
    };

    [Theory]
    [MemberData(nameof(WrongFiles))]
    public async Task AFileOfRawNumbersThatIsNoneIsRefused(string expected, byte[] file)
    {
        await using var made = Raw("float32");
        Assert.Contains(expected, await made.RefusalAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSurestLabelsComeFirst()
    {
        await using var made = Scores([1, 3, 2, 3], """{"kind":"top-k","output":"y","k":3,"labels_file":"labels.txt"}""", ("labels.txt", "ape\nbär\ncat\ndog\n"u8.ToArray()));
        var result = await made.RunAsync("{\"inputs\":{\"x\":{\"shape\":[1],\"data\":[0]}}}"u8.ToArray());
        Assert.Equal("""{"labels":[{"label":"bär","probability":"0.3995"},{"label":"dog","probability":"0.3995"},{"label":"cat","probability":"0.1470"}]}""", result.Text());
        Assert.Equal("0.3995", result.Confidence);
        await using var apart = Scores([0, 2], """{"kind":"top-k","output":"y","labels":["a","b"],"scores":"sigmoid"}""");
        Assert.Equal("""{"labels":[{"label":"b","probability":"0.8808"},{"label":"a","probability":"0.5000"}]}""", await apart.AnswerAsync("{\"inputs\":{\"x\":{\"shape\":[1],\"data\":[0]}}}"));
    }

    [Fact]
    public async Task CharactersOfStepsBecomeText()
    {
        // Blank, h, é, space; steps say: h h blank h é é space.
        int[] steps = [1, 1, 0, 1, 2, 2, 3];
        float[] values = [.. steps.SelectMany(static step => Enumerable.Range(0, 4).Select(i => i == step ? 0.7f : 0.1f))];
        var model = new OnnxGraph().Input("x", "float32", 1).Weights("w", "float32", [1, 7, 4], OnnxGraph.Floats(values)).Output("y", "float32", 1, "t", 4).Node("Identity", ["w"], ["y"]);
        var manifest = """
            {"inputs":[{"name":"x","type":"float32","shape":[1]}],"outputs":[{"name":"y","type":"float32","shape":[1,"t",4]}],
             "postprocess":{"kind":"ctc-text","output":"y","dictionary":"characters.txt","add_space":true}}
            """;
        await using var made = new MadeModel(model.ToArray(), manifest, [("characters.txt", "h\né\n"u8.ToArray())]);
        var result = await made.RunAsync("{\"inputs\":{\"x\":{\"shape\":[1],\"data\":[0]}}}"u8.ToArray());
        Assert.Equal("hhé ", result.Text());
        Assert.Equal("0.7000", result.Confidence);
        await using var json = new MadeModel(model.ToArray(), manifest.Replace("\"add_space\":true", "\"add_space\":true,\"form\":\"json\"", StringComparison.Ordinal), [("characters.txt", "h\né\n"u8.ToArray())]);
        Assert.Equal("""{"confidence":"0.7000","text":"hhé "}""", await json.AnswerAsync("{\"inputs\":{\"x\":{\"shape\":[1],\"data\":[0]}}}"));
        await using var other = new MadeModel(model.ToArray(), manifest, [("characters.txt", "h\n"u8.ToArray())]);
        Assert.Contains("characters.txt makes 3 characters, the blank included", await other.RefusalAsync("{\"inputs\":{\"x\":{\"shape\":[1],\"data\":[0]}}}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    public async Task NoNumbersAreRefusedInEveryFormOfWords(string number)
    {
        var value = float.Parse(number, System.Globalization.CultureInfo.InvariantCulture);
        foreach (var post in (string[])["""{"kind":"top-k","output":"y","labels":["a","b"]}""", """{"kind":"tensor-json"}""", """{"kind":"embedding","output":"y","pooling":"none"}"""])
        {
            await using var made = Scores([1, value], post);
            var refused = await made.RefusalAsync("{\"inputs\":{\"x\":{\"shape\":[1],\"data\":[0]}}}");
            Assert.Contains($"The model gave {number} at place 1 of output \"y\"", refused.Replace("∞", "Infinity", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AVectorMayComeAsRawFloats()
    {
        await using var made = Scores([3, 4], """{"kind":"embedding","output":"y","pooling":"none","form":"raw"}""");
        var bytes = (await made.RunAsync("{\"inputs\":{\"x\":{\"shape\":[1],\"data\":[0]}}}"u8.ToArray())).Output;
        Assert.Equal([0.6f, 0.8f], new[] { BinaryPrimitives.ReadSingleLittleEndian(bytes.Span), BinaryPrimitives.ReadSingleLittleEndian(bytes.Span[4..]) });
    }

    private static MadeModel Raw(string type)
    {
        var model = new OnnxGraph().Input("x", type, "n").Output("y", type, "n").Node("Identity", ["x"], ["y"]);
        return new MadeModel(model.ToArray(), """
            {"inputs":[{"name":"x","type":"T","shape":["n"]}],"outputs":[{"name":"y","type":"T","shape":["n"]}],"preprocess":{"kind":"safetensors"},"postprocess":{"kind":"safetensors"}}
            """.Replace("\"T\"", $"\"{type}\"", StringComparison.Ordinal));
    }

    /// <summary>Gives these numbers, whatever comes.</summary>
    private static MadeModel Scores(float[] scores, string postprocess, params (string Name, byte[] Content)[] files)
    {
        var model = new OnnxGraph().Input("x", "float32", 1).Weights("w", "float32", [1, scores.Length], OnnxGraph.Floats(scores)).Output("y", "float32", 1, scores.Length).Node("Identity", ["w"], ["y"]);
        return new MadeModel(model.ToArray(), """
            {"inputs":[{"name":"x","type":"float32","shape":[1]}],"outputs":[{"name":"y","type":"float32","shape":[1,N]}],"postprocess":POST}
            """.Replace("N]", FormattableString.Invariant($"{scores.Length}]"), StringComparison.Ordinal).Replace("POST", postprocess, StringComparison.Ordinal), files);
    }

    private static byte[] SafeTensor(string name, string type, string shape, byte[] numbers)
    {
        var json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Dictionary<string, object> { [name] = new Dictionary<string, object> { ["dtype"] = type, ["shape"] = JsonDocument.Parse(shape).RootElement, ["data_offsets"] = new[] { 0, numbers.Length } } }));
        return [.. BitConverter.GetBytes((long)json.Length), .. json, .. numbers];
    }
}
