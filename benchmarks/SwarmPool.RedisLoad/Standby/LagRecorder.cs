using System.Diagnostics.Metrics;
using SwarmPool.Load.Measuring;
using SwarmPool.Runtime.Daemon.Observing;

namespace SwarmPool.RedisLoad.Standby;

/// <summary>Takes the lag of every record that a standby of this process applies, as its histogram tells it.</summary>
internal sealed class LagRecorder : IDaemonObserver, IDisposable
{
    private const string Histogram = "swarmpool.standby.lag";

    private readonly Lock gate = new();
    private readonly List<double> milliseconds = [];
    private readonly MeterListener listener = new();
    private long sequence;

    public LagRecorder()
    {
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Name == Histogram)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) =>
        {
            lock (gate)
            {
                milliseconds.Add(seconds * 1000);
            }
        });
        listener.Start();
    }

    /// <summary>The last record that was applied, as told once a second.</summary>
    public long Sequence => Interlocked.Read(ref sequence);

    public void Followed(long records, TimeSpan lag) => Interlocked.Exchange(ref sequence, records);

    public void Clear()
    {
        lock (gate)
        {
            milliseconds.Clear();
        }
    }

    public Lags Take()
    {
        lock (gate)
        {
            return new Lags(
                milliseconds.Count, Figures.Median(milliseconds), Figures.Percentile(milliseconds, 0.99), milliseconds.DefaultIfEmpty().Max());
        }
    }

    public void Dispose() => listener.Dispose();
}

/// <summary>How late records were applied; milliseconds.</summary>
internal sealed record Lags(int Records, double Median, double NinetyNine, double Longest);
