using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;
using SwarmPool.Plugins.Onnx;
using SwarmPool.Plugins.Onnx.Tests;

namespace SwarmPool.InferenceLoad;

/// <summary>
/// A model of so many layers, each a product of 256 by 512 and 512 by 512 numbers, for one input of 512 numbers. Bare, it is Run of one session with
/// the options that the plugin has.
/// </summary>
internal sealed class OnnxBench : IBench
{
    private const string Name = "layers";
    private const string JobType = "layers";
    private const int Rows = 256;
    private const int Width = 512;
    private const int Threads = 1;

    private readonly string folder;
    private readonly int layers;
    private readonly OwnPool pool;
    private readonly SessionOptions options;
    private readonly InferenceSession session;
    private readonly float[] numbers = [.. Enumerable.Range(0, Width).Select(static i => (i % 17) / 16f)];
    private readonly byte[] input;

    private OnnxBench(string folder, int layers, OwnPool pool)
    {
        (this.folder, this.layers, this.pool) = (folder, layers, pool);
        options = new SessionOptions
        {
            IntraOpNumThreads = Threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
        };
        session = new InferenceSession(Path.Combine(folder, Name, "m.onnx"), options);
        var written = string.Join(',', numbers.Select(static one => one.ToString("R", CultureInfo.InvariantCulture)));
        input = Encoding.UTF8.GetBytes($"{{\"inputs\":{{\"x\":{{\"shape\":[1,{Width}],\"data\":[{written}]}}}}}}");
    }

    public string Unit => "runs";

    public string About => string.Create(CultureInfo.InvariantCulture, $"{layers} layers of {Rows} x {Width} x {Width}, {Threads} thread, 1 run at a time");

    public static async Task<OnnxBench> OpenAsync(int layers, int window)
    {
        var made = Directory.CreateTempSubdirectory("swarmpool-inference-load-").FullName;
        Write(made, layers);
        var started = await OwnPool.StartAsync(window, builder => builder.UseOnnx(onnx => (onnx.Models, onnx.Device, onnx.IntraOpThreads, onnx.MaxParallel) = (made, OnnxDevice.Cpu, Threads, 1)));
        return new OnnxBench(made, layers, started);
    }

    public int RunBare()
    {
        using var given = OrtValue.CreateTensorValueFromMemory(numbers, [1, Width]);
        using var run = new RunOptions();
        using var outputs = session.Run(run, ["x"], [given], ["y"]);
        return outputs[0].GetTensorDataAsSpan<float>().Length == Width ? 1 : throw new InvalidOperationException("Bare ONNX Runtime gave something else.");
    }

    public async Task<int> RunJobAsync() => (await pool.RunAsync(JobType, Name, input)).Length > Width ? 1 : throw new InvalidOperationException("The pool gave something else.");

    public async ValueTask DisposeAsync()
    {
        session.Dispose();
        options.Dispose();
        await pool.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static void Write(string folder, int layers)
    {
        var random = new Random(7);
        var graph = new OnnxGraph()
            .Input("x", "float32", 1, Width)
            .Output("y", "float32", 1, Width)
            .Weights("rows", "float32", [Rows, Width], Numbers(random, Rows * Width, 1))
            .Weights("axes", "int64", [1], OnnxGraph.Longs(0))
            .Node("Add", ["x", "rows"], ["l0"]);
        for (var layer = 0; layer < layers; layer++)
        {
            graph.Weights($"w{layer}", "float32", [Width, Width], Numbers(random, Width * Width, 2 / MathF.Sqrt(Width)))
                .Node("MatMul", [$"l{layer}", $"w{layer}"], [$"m{layer}"])
                .Node("Relu", [$"m{layer}"], [$"l{layer + 1}"]);
        }

        var model = graph.Node("ReduceMean", [$"l{layers}", "axes"], ["y"]).ToArray();
        var target = Directory.CreateDirectory(Path.Combine(folder, Name)).FullName;
        File.WriteAllBytes(Path.Combine(target, "m.onnx"), model);
        var manifest = new JsonObject
        {
            ["name"] = Name,
            ["file"] = "m.onnx",
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(model)),
            ["job_types"] = new JsonArray(JobType),
            ["inputs"] = Tensors("x"),
            ["outputs"] = Tensors("y"),
            ["preprocess"] = new JsonObject { ["kind"] = "tensor-json" },
            ["runner"] = new JsonObject { ["kind"] = "single" },
            ["postprocess"] = new JsonObject { ["kind"] = "tensor-json" },
        };
        File.WriteAllText(Path.Combine(target, "model.json"), manifest.ToJsonString());
    }

    private static JsonArray Tensors(string name) => [new JsonObject { ["name"] = name, ["type"] = "float32", ["shape"] = new JsonArray(1, Width) }];

    private static byte[] Numbers(Random random, int count, float scale) => OnnxGraph.Floats([.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * scale)]);
}
