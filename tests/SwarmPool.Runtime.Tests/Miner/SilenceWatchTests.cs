using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Runtime.Miner;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Miner;

/// <summary>A miner whose pool fell silent says so once, and says when it is heard again.</summary>
public sealed class SilenceWatchTests : IMinerObserver
{
    private readonly FakeTimeProvider time = new();
    private readonly ConcurrentQueue<string> told = new();

    void IMinerObserver.PoolSilent(TimeSpan silence) => told.Enqueue($"silent {silence.TotalSeconds:0}");

    void IMinerObserver.PoolBack(TimeSpan silence) => told.Enqueue($"back {silence.TotalSeconds:0}");

    [Fact]
    public async Task Two_minutes_without_a_word_are_told_once_and_so_is_the_next_word()
    {
        var watch = new SilenceWatch(null, this, time);
        using var stop = new CancellationTokenSource();
        var running = watch.RunAsync(stop.Token);
        await PassAsync(119);
        watch.Heard();
        await PassAsync(120);
        Assert.Empty(told);
        await PassAsync(4);
        Assert.InRange(SecondsOf(Assert.Single(told), "silent "), 121, 124);
        Assert.True(watch.IsTold);
        await PassAsync(600);
        Assert.Single(told);
        watch.Heard();
        Assert.Equal(724, SecondsOf(told.Last(), "back "));
        Assert.False(watch.IsTold);
        watch.Heard();
        Assert.Equal(2, told.Count);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task While_the_broker_is_away_that_is_what_is_told_and_not_the_pools_silence()
    {
        var link = new TransportLink("the MQTT broker", "mqtt://127.0.0.1:1", TimeSpan.FromSeconds(30));
        var watch = new SilenceWatch(link, this, time);
        using var stop = new CancellationTokenSource();
        var running = watch.RunAsync(stop.Token);
        link.Down("connection refused");
        await PassAsync(300);
        Assert.Empty(told);
        link.Up();
        await PassAsync(2);
        Assert.Single(told);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static int SecondsOf(string line, string start)
    {
        Assert.StartsWith(start, line, StringComparison.Ordinal);
        return int.Parse(line[start.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    // The watch looks every two seconds: its next look is due before the clock goes on.
    private async Task PassAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
