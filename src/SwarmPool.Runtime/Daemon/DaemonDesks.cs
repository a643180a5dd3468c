using SwarmPool.Runtime.Daemon.Epochs;

namespace SwarmPool.Runtime.Daemon;

/// <summary>The desks of a running daemon.</summary>
internal sealed class DaemonDesks(IReadOnlyList<Task> desks, EpochSealer sealer) : IDisposable
{
    /// <summary>Completes when the first desk ends, which before the daemon stops means that it failed.</summary>
    public Task<Task> First { get; } = Task.WhenAny(desks);

    public Task Running => First.Unwrap();

    public EpochSealer Sealer => sealer;

    /// <summary>Waits for the desks to close after their token was cancelled. What failed meanwhile is thrown.</summary>
    public async Task ClosedAsync()
    {
        try
        {
            await Task.WhenAll(desks);
        }
        catch (OperationCanceledException)
        {
            return; // That is how a desk closes.
        }
    }

    public void Dispose() => sealer.Dispose();
}
