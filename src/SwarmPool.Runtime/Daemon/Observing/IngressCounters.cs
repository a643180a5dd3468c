using System.Collections.Concurrent;

namespace SwarmPool.Runtime.Daemon.Observing;

/// <summary>How many messages came in, and how many were refused with which code. Thread-safe.</summary>
internal sealed class IngressCounters
{
    private readonly ConcurrentDictionary<string, long> refused = new(StringComparer.Ordinal);
    private long received;
    private long waiting;

    public long Received => Interlocked.Read(ref received);

    /// <summary>Messages that wait for a worker now.</summary>
    public long Waiting => Interlocked.Read(ref waiting);

    public IReadOnlyDictionary<string, long> Refused => refused;

    public void Wait(int by) => Interlocked.Add(ref waiting, by);

    public void Receive() => Interlocked.Increment(ref received);

    public void Refuse(string code) => refused.AddOrUpdate(code, 1, static (_, n) => n + 1);
}

/// <summary>What tells how a daemon fares.</summary>
internal sealed record DaemonTelemetry(IDaemonObserver Observer, StandbyLag Lag, IngressCounters Counters);
