using SwarmPool.Protocol.Errors;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>What can't be loaded or would not end is named, bounded, and told once.</summary>
public sealed class LoadingTests
{
    private const string Plain = """{"inputs":[{"name":"x","type":"float32","shape":["n"]}],"outputs":[{"name":"y","type":"float32","shape":["n"]}]}""";

    [Fact]
    public async Task AnOpsetThatTheRuntimeDoesNotHaveIsNamed()
    {
        var model = new OnnxGraph(opset: 999).Input("x", "float32", "n").Output("y", "float32", "n").Node("Identity", ["x"], ["y"]);
        await using var made = new MadeModel(model.ToArray(), Plain);
        Coded(ErrorCodes.ModelOpsetUnsupported, await made.LoadRefusalAsync(), "IR version 10, opset ai.onnx 999");
    }

    [Fact]
    public async Task AFileVersionThatTheRuntimeDoesNotHaveIsNamed()
    {
        var model = new OnnxGraph(version: 999).Input("x", "float32", "n").Output("y", "float32", "n").Node("Identity", ["x"], ["y"]);
        await using var made = new MadeModel(model.ToArray(), Plain);
        Coded(ErrorCodes.ModelOpsetUnsupported, await made.LoadRefusalAsync(), "IR version 999");
    }

    [Fact]
    public async Task AnOperatorThatThereIsNotIsNamed()
    {
        var model = new OnnxGraph().Input("x", "float32", "n").Output("y", "float32", "n").Node("Teleport", ["x"], ["y"]);
        await using var made = new MadeModel(model.ToArray(), Plain);
        Coded(ErrorCodes.ModelOpsetUnsupported, await made.LoadRefusalAsync(), "Teleport");
    }

    /// <summary>The format has it, this runtime's CPU doesn't.</summary>
    [Fact]
    public async Task ATypeThatAnOperatorDoesNotHaveHereIsNamed()
    {
        var model = new OnnxGraph().Input("x", "bfloat16", "n").Output("y", "bfloat16", "n").Node("Sin", ["x"], ["y"]);
        await using var made = new MadeModel(model.ToArray(), Plain.Replace("float32", "bfloat16", StringComparison.Ordinal));
        Coded(ErrorCodes.ModelOpsetUnsupported, await made.LoadRefusalAsync(), "Sin");
    }

    [Fact]
    public async Task AGraphThatIsNoneIsNamed()
    {
        var model = new OnnxGraph().Input("x", "float32", "n").Output("y", "float32", "n").Node("Identity", ["nothing"], ["y"]);
        await using var made = new MadeModel(model.ToArray(), Plain);
        Coded(ErrorCodes.ModelUnloadable, await made.LoadRefusalAsync(), "nothing");
    }

    /// <summary>A model whose weights are inputs too: ONNX Runtime has a message for each, which once went to the screen in raw lines.</summary>
    [Fact]
    public async Task WhatTheRuntimeSaysGoesToTheLogAndIsBounded()
    {
        var model = new OnnxGraph().Input("x", "float32", "n");
        var last = "x";
        for (var i = 0; i < 40; i++)
        {
            model.Weights($"w{i}", "float32", [1], OnnxGraph.Floats(1)).Input($"w{i}", "float32", 1).Node("Add", [last, $"w{i}"], [last = $"y{i}"]);
        }

        model.Output(last, "float32", "n");
        var manifest = Plain.Replace("\"y\"", $"\"{last}\"", StringComparison.Ordinal);
        await using var made = new MadeModel(model.ToArray(), manifest);
        Assert.Contains("[\"41\"]", await made.AnswerAsync("""{"inputs":{"x":{"shape":[1],"data":[1]}}}"""), StringComparison.Ordinal);
        var said = made.Logged.Where(static line => line.StartsWith("ONNX Runtime on model made: ", StringComparison.Ordinal)).ToList();
        Assert.Contains(said, static line => line.Contains("Initializer w0 appears in graph inputs", StringComparison.Ordinal)); // ScreenTests looks for it elsewhere.
        Assert.Equal(40, said.Count); // Eight as warnings; the test's log takes all levels.
        Assert.Equal(8, made.Warnings.Count(static line => line.StartsWith("ONNX Runtime on model made: ", StringComparison.Ordinal)));
        Assert.Single(made.Logged, static line => line.Contains("may say more of model made", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TenGigabytesOfOutputAreRefusedBeforeTheyAreThere()
    {
        await using var made = new MadeModel(Expanding(), Counted);
        var before = Environment.WorkingSet;
        Coded(ErrorCodes.ModelOutputTooLarge, await made.RefusalAsync("""{"inputs":{"n":{"shape":[1],"data":["2500000000"]}}}"""), "max_memory_bytes");
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 512L * 1024 * 1024);
        Assert.Contains("[\"7\",\"7\"]", await made.AnswerAsync("""{"inputs":{"n":{"shape":[1],"data":[2]}}}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OutputsAreCountedBeforeTheyAreCopiedOrWritten()
    {
        await using var made = new MadeModel(Expanding(), Counted, configure: static options => (options.MaxTensorBytes, options.MaxOutputBytes) = (1 << 20, 4096));
        Coded(ErrorCodes.ModelOutputTooLarge, await made.RefusalAsync("""{"inputs":{"n":{"shape":[1],"data":[262145]}}}"""), "max_tensor_bytes");
        Coded(ErrorCodes.ModelOutputTooLarge, await made.RefusalAsync("""{"inputs":{"n":{"shape":[1],"data":[262144]}}}"""), "262144 elements");
        Coded(ErrorCodes.ModelOutputTooLarge, await made.RefusalAsync("""{"inputs":{"n":{"shape":[1],"data":[1024]}}}"""), "max_output_bytes");
        Assert.Equal(1000, (await made.AnswerAsync("""{"inputs":{"n":{"shape":[1],"data":[1000]}}}""")).Split("\"7\"").Length - 1);
    }

    private const string Counted = """{"inputs":[{"name":"n","type":"int64","shape":[1]}],"outputs":[{"name":"y","type":"float32","shape":["n"]}]}""";

    /// <summary>As many sevens as the input says.</summary>
    private static byte[] Expanding() => new OnnxGraph().Input("n", "int64", 1).Output("y", "float32", "n")
        .Node("ConstantOfShape", ["n"], ["y"], ("value", OnnxGraph.Tensor("float32", [1], OnnxGraph.Floats(7)))).ToArray();

    private static void Coded(string code, string refusal, string part)
    {
        Assert.NotNull(ErrorCatalog.Find(code));
        Assert.Contains(part, refusal, StringComparison.Ordinal);
        Assert.EndsWith($"({code})", refusal, StringComparison.Ordinal);
    }
}
