using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace SwarmPool.OnnxLoad;

/// <summary>Inputs a second by micro-batching, each a request of its own, beside batches of the same width of bare ONNX Runtime; and how far the results are apart.</summary>
internal static class BatchRate
{
    private const int BatchesARun = 4;

    public static async Task RunAsync(int pairs, int size, int layers, TextWriter output)
    {
        var model = Layers.Make(layers);
        await using var backend = new Backend(model, size);
        var numbers = Layers.Numbers(size);
        List<byte[]> inputs = [.. Enumerable.Range(0, size).Select(row => Backend.Input(numbers.AsSpan(row * Layers.Width, Layers.Width)))];
        await backend.RunAsync(inputs[0]); // It is the first to start ONNX Runtime, as in a miner.
        using var session = Layers.Open(model);
        var apart = Apart(Bare(session, numbers, size), await Task.WhenAll(inputs.Select(backend.RunAsync)));
        var single = Apart(Enumerable.Range(0, size).SelectMany(row => Bare(session, [.. numbers[(row * Layers.Width)..((row + 1) * Layers.Width)]], 1)).ToArray(), await Task.WhenAll(inputs.Select(backend.RunAsync)));
        var (rates, bares, batchMs) = (new List<double>(), new List<double>(), new List<double>());
        for (var pair = -1; pair < pairs; pair++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < BatchesARun; i++)
            {
                Bare(session, numbers, size);
            }

            var bare = Stopwatch.GetElapsedTime(start);
            start = Stopwatch.GetTimestamp();
            await Task.WhenAll(inputs.Select(async input =>
            {
                for (var i = 0; i < BatchesARun; i++)
                {
                    await backend.RunAsync(input);
                }
            }));
            var through = Stopwatch.GetElapsedTime(start);
            if (pair >= 0) // The one before warms up.
            {
                rates.Add(size * BatchesARun / through.TotalSeconds);
                bares.Add(size * BatchesARun / bare.TotalSeconds);
                batchMs.Add(bare.TotalMilliseconds / BatchesARun);
            }
        }

        var parts = rates.Zip(bares, static (rate, bare) => rate / bare).Order().ToList();
        output.WriteLine("| batch | a bare batch, ms | bare, inputs/s | backend, inputs/s | part, median | part, middle half | part, least and most | furthest from the bare batch | from runs alone |\n|---|---|---|---|---|---|---|---|---|");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {size} | {Median(batchMs):F1} | {Median(bares):F1} | {Median(rates):F1} | {Median(parts):F3} | {parts[parts.Count / 4]:F3}–{parts[parts.Count * 3 / 4]:F3} | {parts[0]:F3}–{parts[^1]:F3} | {apart:G3} | {single:G3} |"));
    }

    private static float[] Bare(InferenceSession session, float[] numbers, int rows)
    {
        using var options = new RunOptions();
        using var x = OrtValue.CreateTensorValueFromMemory(numbers, [rows, Layers.Width]);
        using var outputs = session.Run(options, ["x"], [x], ["y"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static double Apart(float[] expected, ReadOnlyMemory<byte>[] answers)
    {
        var got = answers.SelectMany(static answer => MemoryMarshal.Cast<byte, float>(answer.Span[^(Layers.Width * 4)..]).ToArray()).ToArray();
        return expected.Zip(got, static (a, b) => Math.Abs((double)a - b)).Max();
    }

    private static double Median(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
