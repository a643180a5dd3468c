using System.Collections.Concurrent;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// Work that is done and waits for what others say of it: whoever did it turns to another job meanwhile. Were it not so, two miners that check each
/// other would both stand still.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class WaitingWork
{
    private readonly ConcurrentDictionary<Task, bool> running = new();
    private readonly TaskCompletionSource failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Fails with what failed first of the work that was left.</summary>
    public Task FailedAsync(CancellationToken cancellationToken) => failed.Task.WaitAsync(cancellationToken);

    /// <summary>Completes when the work does, or when it is left waiting; then it goes on here.</summary>
    public async Task UntilLeftAsync(Task work, Task left)
    {
        if (await Task.WhenAny(work, left) == work)
        {
            await work;
        }
        else if (running.TryAdd(work, true))
        {
            _ = WatchAsync(work);
        }
    }

    /// <summary>Completes when nothing waits any longer.</summary>
    public Task AllAsync() => Task.WhenAll(running.Keys);

    private async Task WatchAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception e)
        {
            failed.TrySetException(e);
        }
        finally
        {
            running.TryRemove(work, out _);
        }
    }
}
