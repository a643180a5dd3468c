using System.Runtime.CompilerServices;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Client;

/// <summary>How the connection stands, for whoever asks or waits.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ConnectionStatus(TimeProvider time)
{
    private readonly Lock gate = new();
    private PoolConnection current = new(PoolConnectionState.Disconnected, time.GetUtcNow(), null);
    private TaskCompletionSource changed = New();
    private bool isOver;

    public PoolConnection Current
    {
        get
        {
            lock (gate)
            {
                return current;
            }
        }
    }

    public void Set(PoolConnectionState state, Refusal? refusal = null) => Change(state, refusal, isLast: false);

    /// <summary>Nothing changes from here on.</summary>
    public void End(Refusal? refusal = null) => Change(PoolConnectionState.Disconnected, refusal, isLast: true);

    /// <summary>What it is now, then each change; one that is over before it is read is left out. Ends when nothing changes any more.</summary>
    public async IAsyncEnumerable<PoolConnection> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (PoolConnection? told = null; ;)
        {
            var (now, next, isLast) = Look();
            if (now != told)
            {
                yield return told = now;
            }

            if (isLast)
            {
                yield break;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>True once connected; false when it never will be.</summary>
    public async Task<bool> IsConnectedAsync(CancellationToken cancellationToken)
    {
        await foreach (var now in WatchAsync(cancellationToken))
        {
            if (now.State == PoolConnectionState.Connected)
            {
                return true;
            }
        }

        return false;
    }

    private void Change(PoolConnectionState state, Refusal? refusal, bool isLast)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            if (isOver)
            {
                return;
            }

            isOver = isLast;
            current = new PoolConnection(state, state == current.State ? current.Since : time.GetUtcNow(), refusal);
            (told, changed) = (changed, New());
        }

        told.SetResult();
    }

    private (PoolConnection Now, Task Next, bool IsLast) Look()
    {
        lock (gate)
        {
            return (current, changed.Task, isOver);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
