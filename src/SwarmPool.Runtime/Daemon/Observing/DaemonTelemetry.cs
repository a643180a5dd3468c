namespace SwarmPool.Runtime.Daemon.Observing;

/// <summary>What tells how a daemon fares.</summary>
internal sealed record DaemonTelemetry(IDaemonObserver Observer, StandbyLag Lag, IngressCounters Counters);
