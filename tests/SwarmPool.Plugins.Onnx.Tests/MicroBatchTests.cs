using System.Text.Json;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>Inputs that come within a short time are run at once, where manifest and options allow it; each gets what it would get alone.</summary>
public sealed class MicroBatchTests
{
    private const string Open = """
        "inputs":[{"name":"x","type":"int64","shape":["n",1]}],
        "outputs":[{"name":"y","type":"float32","shape":["n",1]},{"name":"width","type":"int64","shape":["n",1]}],
        """;

    [Fact]
    public async Task What_comes_together_is_run_together_and_answered_apart()
    {
        await using var made = Make("""{"kind":"single","batch":true}""", milliseconds: 1000, size: 4);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AskAsync(made, i % 3)));
        Assert.All(answers, static answer => Assert.Equal("4", answer.Width));
        Assert.Equal(Enumerable.Range(0, 8).Select(static i => Weight(i % 3)), answers.Select(static answer => answer.Y));
    }

    [Fact]
    public async Task An_input_alone_waits_no_longer_than_the_budget()
    {
        await using var made = Make("""{"kind":"single","batch":true}""", milliseconds: 20, size: 4);
        Assert.Equal((Weight(1), "1"), await AskAsync(made, 1));
    }

    [Theory]
    [InlineData("""{"kind":"single"}""", 1000)]
    [InlineData("""{"kind":"single","batch":true}""", 0)]
    public async Task Without_the_manifests_and_the_options_word_each_is_run_alone(string runner, int milliseconds)
    {
        await using var made = Make(runner, milliseconds, size: 4);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AskAsync(made, 0))), static answer => Assert.Equal("1", answer.Width));
    }

    /// <summary>An input of two is two of a batch's first dimension.</summary>
    [Fact]
    public async Task Inputs_of_several_are_joined_too()
    {
        await using var made = Make("""{"kind":"single","batch":true}""", milliseconds: 1000, size: 2);
        var (one, two) = (AskAsync(made, 2), AskAsync(made, 0, 1));
        Assert.Equal((Weight(2), "3"), await one);
        Assert.Equal(($"{Weight(0)} {Weight(1)}", "3 3"), await two);
    }

    /// <summary>The run of all fails for one of them.</summary>
    [Fact]
    public async Task An_input_that_fails_harms_no_other()
    {
        await using var made = Make("""{"kind":"single","batch":true}""", milliseconds: 1000, size: 3);
        var (one, wrong, two) = (AskAsync(made, 0), AskAsync(made, 7), AskAsync(made, 2));
        Assert.Equal((Weight(0), "1"), await one);
        Assert.Equal((Weight(2), "1"), await two);
        Assert.Contains("ONNX Runtime failed in model made", (await Assert.ThrowsAsync<InferenceException>(() => wrong)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_gives_up_leaves_at_once_and_the_others_go_on()
    {
        await using var made = Make("""{"kind":"single","batch":true}""", milliseconds: 1000, size: 3);
        await made.Backend.LoadAsync(MadeModel.Name, default);
        using var giveUp = new CancellationTokenSource();
        var gone = made.Backend.RunAsync(new InferenceRequest(MadeModel.Name, MadeModel.JobType, Input(0)), null, giveUp.Token).AsTask();
        var one = AskAsync(made, 1);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.Equal(Weight(1), (await one).Y);
    }

    [Fact]
    public async Task A_backend_that_ends_ends_what_waits()
    {
        var made = Make("""{"kind":"single","batch":true}""", milliseconds: 1000, size: 3);
        await made.Backend.LoadAsync(MadeModel.Name, default);
        var waits = made.Backend.RunAsync(new InferenceRequest(MadeModel.Name, MadeModel.JobType, Input(0)), null, default).AsTask();
        await made.DisposeAsync();
        var ended = await Record.ExceptionAsync(() => waits);
        Assert.True(ended is null or OperationCanceledException or ObjectDisposedException, $"{ended}");
    }

    [Fact]
    public async Task A_fixed_first_dimension_is_refused_at_start()
    {
        await using var made = new MadeModel(Model(), """
            {"inputs":[{"name":"x","type":"int64","shape":[1,1]}],"outputs":[{"name":"y","type":"float32","shape":["n",1]},{"name":"width","type":"int64","shape":[2,1]}],
             "runner":{"kind":"single","batch":true} }
            """);
        var refusal = await made.StartRefusalAsync();
        Assert.Contains("$.runner.batch: \"x\" is int64[1,1]; in a batch the first dimension of each is open", refusal, StringComparison.Ordinal);
        Assert.Contains("$.runner.batch: \"width\" is int64[2,1]", refusal, StringComparison.Ordinal);
    }

    private static string Weight(int index) => $"{index}.5";

    private static byte[] Input(params int[] values) => System.Text.Encoding.UTF8.GetBytes($$"""{"inputs":{"x":{"shape":[{{values.Length}},1],"data":[{{string.Join(',', values)}}]} } }""");

    private static async Task<(string Y, string Width)> AskAsync(MadeModel made, params int[] values)
    {
        using var answer = JsonDocument.Parse(await made.AnswerAsync(Input(values)));
        return (Numbers("y"), Numbers("width"));

        string Numbers(string output) =>
            string.Join(' ', answer.RootElement.GetProperty("outputs").GetProperty(output).GetProperty("data").EnumerateArray().Select(static one => one.GetString()));
    }

    private static MadeModel Make(string runner, int milliseconds, int size) => new(Model(), $$"""{{{Open}}"runner":{{runner}} }""", configure: options =>
    {
        options.BatchMilliseconds = milliseconds;
        options.BatchSize = size;
    });

    // y is the number at x of a table; width is how many were run at once. An x beyond the table fails the run.
    private static byte[] Model() => new OnnxGraph().Input("x", "int64", "n", 1).Output("y", "float32", "n", 1).Output("width", "int64", "n", 1)
        .Weights("table", "float32", [3], OnnxGraph.Floats(0.5f, 1.5f, 2.5f)).Weights("zero", "int64", [1], OnnxGraph.Longs(0))
        .Node("Gather", ["table", "x"], ["y"])
        .Node("Shape", ["x"], ["shape"]).Node("Gather", ["shape", "zero"], ["count"]).Node("Expand", ["count", "shape"], ["width"]).ToArray();
}
