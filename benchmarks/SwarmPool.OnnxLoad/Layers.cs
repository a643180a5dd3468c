using Microsoft.ML.OnnxRuntime;
using SwarmPool.Plugins.Onnx.Tests;

namespace SwarmPool.OnnxLoad;

/// <summary>A model that takes time: a matrix, again and again.</summary>
internal static class Layers
{
    public const int Width = 1024;

    /// <param name="count">How often.</param>
    public static byte[] Make(int count)
    {
        var random = new Random(1);
        var weights = Enumerable.Range(0, Width * Width).Select(_ => ((random.NextSingle() * 2) - 1) / MathF.Sqrt(Width)).ToArray();
        var graph = new OnnxGraph().Input("x", "float32", "n", Width).Output("y", "float32", "n", Width).Weights("w", "float32", [Width, Width], OnnxGraph.Floats(weights));
        for (var i = 0; i < count; i++)
        {
            graph.Node("MatMul", [i == 0 ? "x" : $"t{i}", "w"], [$"m{i}"]).Node("Tanh", [$"m{i}"], [i == count - 1 ? "y" : $"t{i + 1}"]);
        }

        return graph.ToArray();
    }

    /// <summary>As the backend makes one.</summary>
    public static InferenceSession Open(byte[] model)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
        };
        return new InferenceSession(model, options);
    }

    public static float[] Numbers(int rows)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, rows * Width).Select(_ => random.NextSingle())];
    }
}
