using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>How late a standby applies what its leader has decided.</summary>
public sealed class StandbyLagTests
{
    [Fact]
    public async Task It_is_told_of_every_record_and_the_longest_is_the_oldests()
    {
        var bench = new Bench();
        for (var i = 0; i < 5; i++)
        {
            bench.At += 7;
            bench.Send(Bench.Signed(bench.Messages.Job()));
        }

        var stored = JournalReplayTests.Stored(bench);
        var newest = bench.Records[^1].At;
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(newest + 40));
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var lag = new StandbyLag(meters, time);
        var told = new List<double>();
        using var listener = new MeterListener { InstrumentPublished = (i, l) => Listen(i, l, meters) };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => told.Add(seconds));
        listener.Start();

        var journal = new ListJournal([stored[0]]);
        var warm = new FollowerState(journal, TaskScheduler.Default, NullLogger.Instance);
        await warm.CatchUpAsync(default, lag.Applied);
        Assert.Empty(told); // What was there before it followed is not behind.
        await journal.AppendAsync(new JournalLease(1, ""), stored[1..], default);
        await warm.CatchUpAsync(default, lag.Applied);

        Assert.Equal(bench.Records.Skip(1).Select(r => (newest + 40 - r.At) / 1000.0), told);
        Assert.Equal(TimeSpan.FromMilliseconds(40 + (4 * 7)), lag.TakeLongest());
        Assert.Equal(TimeSpan.Zero, lag.TakeLongest());
    }

    [Fact]
    public void A_leader_whose_clock_is_ahead_has_nobody_behind_it()
    {
        var bench = JournalReplayTests.Filled(jobs: 1);
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var lag = new StandbyLag(services.GetRequiredService<IMeterFactory>(), new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(bench.Records[^1].At - 1000)));
        lag.Applied([.. bench.Records.Select(r => new Core.Pool.Records.StoredRecord(r, null!))]);
        Assert.Equal(TimeSpan.Zero, lag.TakeLongest());
    }

    private static void Listen(Instrument instrument, MeterListener listener, IMeterFactory meters)
    {
        if (instrument.Name == StandbyLag.HistogramName && ReferenceEquals(instrument.Meter.Scope, meters))
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }
}
