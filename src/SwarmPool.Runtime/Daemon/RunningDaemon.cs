using SwarmPool.Runtime.Daemon.Epochs;

namespace SwarmPool.Runtime.Daemon;

/// <summary>The running of a running daemon.</summary>
internal sealed class RunningDaemon(IReadOnlyList<Task> running, EpochSealer sealer) : IDisposable
{
    /// <summary>Completes when the first desk ends, which before the daemon stops means that it failed.</summary>
    public Task<Task> First { get; } = Task.WhenAny(running);

    public Task Running => First.Unwrap();

    public EpochSealer Sealer => sealer;

    /// <summary>Waits for the running to close after their token was cancelled. What failed meanwhile is thrown.</summary>
    public async Task ClosedAsync()
    {
        try
        {
            await Task.WhenAll(running);
        }
        catch (OperationCanceledException)
        {
            return; // That is how a desk closes.
        }
    }

    public void Dispose() => sealer.Dispose();
}
