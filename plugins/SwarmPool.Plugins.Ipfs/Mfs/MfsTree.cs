using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Mfs;

/// <summary>
/// The pool's public tree in the node's own files. What it has to show is kept here; a loop writes the differences, one at
/// a time, and reads the tree anew when a write failed, and every ten minutes, since others may change it too.
/// </summary>
internal sealed class MfsTree(FileCalls files, IpnsPublisher names, int maxFiles, TimeProvider time, ILogger logger) : IPublicTree, IAsyncDisposable
{
    private static readonly TimeSpan Audit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, DesiredFiles> wanted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TreeWriter> writers = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly CancellationTokenSource stop = new();
    private Task writing = Task.CompletedTask;
    private bool isRunning;

    public int MaxFiles => maxFiles;

    public void Show(string pool, IReadOnlyCollection<PublicFile> files, bool isAll)
    {
        ArgumentException.ThrowIfNullOrEmpty(pool);
        lock (gate)
        {
            if (stop.IsCancellationRequested)
            {
                return;
            }

            if (!wanted.TryGetValue(pool, out var mine))
            {
                wanted.Add(pool, mine = new DesiredFiles(maxFiles));
            }

            if (mine.Change(files, isAll) is > 0 and var leftOut)
            {
                IpfsLog.FilesLeftOut(logger, pool, leftOut, maxFiles);
            }

            if (wake.CurrentCount == 0)
            {
                wake.Release();
            }

            if (!isRunning)
            {
                isRunning = true;
                writing = RunAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            stop.Cancel();
        }

        await writing;
        stop.Dispose();
        wake.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Yield(); // Show returns at once.
        var readAt = time.GetTimestamp();
        var wait = Audit;
        try
        {
            while (true)
            {
                await WaitAsync(wait);
                var isDue = time.GetElapsedTime(readAt) >= Audit;
                readAt = isDue ? time.GetTimestamp() : readAt;
                wait = await WriteAllAsync(isDue) ? Audit : Retry;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task WaitAsync(TimeSpan wait)
    {
        using var limit = new CancellationTokenSource(wait, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop.Token);
        try
        {
            await wake.WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The time is up.
        }
    }

    /// <summary>True when every tree shows what it has to.</summary>
    private async Task<bool> WriteAllAsync(bool isAuditDue)
    {
        var isDone = true;
        foreach (var (pool, mine) in Pools())
        {
            if (!writers.TryGetValue(pool, out var writer))
            {
                writers.Add(pool, writer = new TreeWriter(files, $"/{pool}", time, logger));
            }

            try
            {
                if (isAuditDue)
                {
                    writer.Forget();
                }

                if (await writer.WriteAsync(mine, gate, stop.Token))
                {
                    await names.PublishAsync(pool, await files.StatAsync($"/{pool}", stop.Token), stop.Token);
                }
            }
            catch (TransportException e)
            {
                writer.Forget();
                isDone = false;
                IpfsLog.TreeBehind(logger, pool, e.Message, Retry);
            }
        }

        return isDone;
    }

    private List<KeyValuePair<string, DesiredFiles>> Pools()
    {
        lock (gate)
        {
            return [.. wanted];
        }
    }
}
