using System.Diagnostics;
using System.Globalization;

namespace SwarmPool.InferenceLoad;

/// <summary>Bare and through the pool in turns, the first of each pair by turns too, so that both have the same machine.</summary>
internal static class Pairs
{
    public static async Task RunAsync(IBench bench, int pairs, int jobs, int window, TextWriter output)
    {
        output.WriteLine(bench.About);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pairs} pairs of {jobs}, {window} in flight; load before: {Load()}"));
        Bare(bench, 1);
        await PoolAsync(bench, jobs, window);

        var (bare, pool) = (new List<double>(), new List<double>());
        for (var i = 0; i < pairs; i++)
        {
            if (i % 2 == 0)
            {
                bare.Add(Bare(bench, jobs));
                pool.Add(await PoolAsync(bench, jobs, window));
            }
            else
            {
                pool.Add(await PoolAsync(bench, jobs, window));
                bare.Add(Bare(bench, jobs));
            }
        }

        Write(output, $"bare, {bench.Unit}/s", bare);
        Write(output, $"through the pool, {bench.Unit}/s", pool);
        Write(output, "pool / bare, pair by pair", [.. pool.Zip(bare, static (one, other) => one / other)]);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median / median: {Median(pool) / Median(bare):0.000}; load after: {Load()}"));
    }

    private static double Bare(IBench bench, int jobs)
    {
        var began = Stopwatch.GetTimestamp();
        var units = Enumerable.Range(0, jobs).Sum(_ => bench.RunBare());
        return units / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<double> PoolAsync(IBench bench, int jobs, int window)
    {
        var (left, units, began) = (jobs, 0, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, window).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                Interlocked.Add(ref units, await bench.RunJobAsync());
            }
        }));
        return units / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static void Write(TextWriter output, string what, List<double> values)
    {
        var sorted = values.Order().ToList();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: median {Median(values):0.000}, quartiles {sorted[sorted.Count / 4]:0.000}-{sorted[sorted.Count * 3 / 4]:0.000}, range {sorted[0]:0.000}-{sorted[^1]:0.000}"));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Load() => OperatingSystem.IsLinux() ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "?";
}
