using SwarmPool.Runtime.Daemon.Epochs;

namespace SwarmPool.Runtime.Daemon;

/// <summary>What an operator's program can ask of the daemon in its host. A service; thread-safe.</summary>
public sealed class DaemonControl
{
    private EpochSealer? sealer;

    /// <summary>Ends the open epoch before its time; it is settled, published and announced as any other.</summary>
    /// <exception cref="InvalidOperationException">The daemon does not lead (yet).</exception>
    public ValueTask EndEpochAsync(CancellationToken cancellationToken) => sealer is { } running
        ? running.EndNowAsync(cancellationToken)
        : throw new InvalidOperationException("The daemon does not lead: start its host first; a standby ends no epoch.");

    internal void Attach(EpochSealer running) => sealer = running;
}
