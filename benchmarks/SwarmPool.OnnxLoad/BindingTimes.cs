using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace SwarmPool.OnnxLoad;

/// <summary>What outputs that are bound before a run (IoBinding) save on a CPU, for a small, a middling and a large model.</summary>
internal static class BindingTimes
{
    public static void Run(int pairs, TextWriter output)
    {
        output.WriteLine("| layers | rows | a run, µs | bound, µs | bound / run, median | middle half | bytes a run | bound |\n|---|---|---|---|---|---|---|---|");
        foreach (var (layers, rows, times) in new[] { (1, 1, 400), (4, 8, 50), (60, 8, 2) })
        {
            Compare(layers, rows, times, pairs, output);
        }
    }

    private static void Compare(int layers, int rows, int times, int pairs, TextWriter output)
    {
        using var session = Layers.Open(Layers.Make(layers));
        using var options = new RunOptions();
        var (input, result) = (Layers.Numbers(rows), new float[rows * Layers.Width]);
        using var x = OrtValue.CreateTensorValueFromMemory(input, [rows, Layers.Width]);
        using var y = OrtValue.CreateTensorValueFromMemory(result, [rows, Layers.Width]);
        using var binding = session.CreateIoBinding();
        binding.BindInput("x", x);
        binding.BindOutput("y", y);
        var (runs, bounds, bytes, boundBytes) = (new List<double>(), new List<double>(), 0.0, 0.0);
        for (var pair = -1; pair < pairs; pair++)
        {
            var run = Measure(times, () =>
            {
                using var outputs = session.Run(options, ["x"], [x], ["y"]);
                outputs[0].GetTensorDataAsSpan<float>().CopyTo(result);
            });
            var bound = Measure(times, () => session.RunWithBinding(options, binding));
            if (pair >= 0)
            {
                runs.Add(run.Micros);
                bounds.Add(bound.Micros);
                (bytes, boundBytes) = (run.Bytes, bound.Bytes);
            }
        }

        var parts = bounds.Zip(runs, static (bound, run) => bound / run).Order().ToList();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {layers} | {rows} | {Median(runs):F1} | {Median(bounds):F1} | {Median(parts):F3} | {parts[parts.Count / 4]:F3}–{parts[parts.Count * 3 / 4]:F3} | {bytes:F0} | {boundBytes:F0} |"));
    }

    private static (double Micros, double Bytes) Measure(int times, Action act)
    {
        var (bytes, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        for (var i = 0; i < times; i++)
        {
            act();
        }

        return (Stopwatch.GetElapsedTime(start).TotalMicroseconds / times, (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)times);
    }

    private static double Median(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
