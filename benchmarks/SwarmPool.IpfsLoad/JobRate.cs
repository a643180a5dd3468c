using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace SwarmPool.IpfsLoad;

/// <summary>Whole jobs a second, and what the daemon's node takes of the calls that a job is made of.</summary>
internal static class JobRate
{
    private const int SmallBytes = 600;

    public static async Task RunAsync(Stage stage, int jobs, int window, TextWriter output)
    {
        await Limits(stage, jobs, output);
        await ManyAsync(20, window, stage.RunJobAsync);
        var elapsed = await ManyAsync(jobs, window, stage.RunJobAsync);
        Write(output, $"whole jobs, {window} in flight", jobs, elapsed);
        await Limits(stage, jobs, output);
    }

    private static async Task Limits(Stage stage, int count, TextWriter output)
    {
        Write(output, "node alone: put, 16 at once", count, await ManyAsync(count, 16, async () => await stage.AtDaemon.Content.PutAsync(RandomNumberGenerator.GetBytes(SmallBytes), default)));
        await using var heard = await stage.AtMiner.PubSub.SubscribeAsync("/bare/flood", default);
        var message = new byte[SmallBytes];
        message[0] = 1;
        var began = Stopwatch.GetTimestamp();
        var publishing = ManyAsync(count, 16, async () => await stage.AtDaemon.PubSub.PublishAsync("/bare/flood", message, default));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var got = 0;
        try
        {
            await foreach (var _ in heard.ReadAllAsync(patience.Token))
            {
                if (++got == count)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            output.WriteLine($"node to node: {count - got} of {count} messages were lost");
        }

        await publishing;
        Write(output, "node to node: published and heard, 16 at once", got, Stopwatch.GetElapsedTime(began));
    }

    private static async Task<TimeSpan> ManyAsync(int count, int sideBySide, Func<Task> one)
    {
        var began = Stopwatch.GetTimestamp();
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, sideBySide).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await one();
            }
        }));
        return Stopwatch.GetElapsedTime(began);
    }

    private static void Write(TextWriter output, string what, int count, TimeSpan elapsed) => output.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{what}: {count / elapsed.TotalSeconds:0} a second ({count} in {elapsed.TotalSeconds:0.0} s)"));
}
