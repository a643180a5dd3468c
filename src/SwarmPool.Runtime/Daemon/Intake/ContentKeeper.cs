using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Runtime.Daemon.Publishing;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Intake;

/// <summary>
/// Keeps what the pool may have to show: snapshots are stored before they count, pinned in the background after, and let go
/// when they are no longer to be shown.
/// </summary>
internal sealed class ContentKeeper(IContentStore content, InputBook inputs, TimeSpan patience, TimeProvider time, ILogger<ContentKeeper> logger)
{
    // Clients name the inputs: one that can't be had is waited for, while the others go on.
    private const int SideBySide = 8;

    private readonly Channel<(Cid Cid, bool Keep)> work = Channel.CreateBounded<(Cid Cid, bool Keep)>(65_536);

    public async ValueTask StoreAsync(SignedSnapshot snapshot, CancellationToken cancellationToken) =>
        await content.PutAsync(snapshot.Bytes, cancellationToken);

    /// <summary>Pins a job that was accepted, and its input.</summary>
    public void PinJob(Cid job, Cid input)
    {
        inputs.Add(job, input);
        Pin(job, input);
    }

    public void Pin(params ReadOnlySpan<Cid> cids)
    {
        foreach (var cid in cids)
        {
            if (!work.Writer.TryWrite((cid, Keep: true)))
            {
                DaemonLog.NotPinned(logger, cid.ToString(), "too many wait to be pinned");
            }
        }
    }

    /// <summary>Lets content go that is no longer to be shown; waits while there is much to do.</summary>
    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => work.Writer.WriteAsync((cid, Keep: false), cancellationToken);

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, SideBySide).Select(_ => PinAllAsync(cancellationToken)));

    private async Task PinAllAsync(CancellationToken cancellationToken)
    {
        await foreach (var (cid, keep) in work.Reader.ReadAllAsync(cancellationToken))
        {
            using var limit = new CancellationTokenSource(patience, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                var done = keep ? content.PinAsync(cid, both.Token).AsTask() : content.UnpinAsync(cid, both.Token).AsTask();
                await done.WaitAsync(both.Token);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever a transport throws here costs one pin, not the daemon.
                if (keep)
                {
                    DaemonLog.NotPinned(logger, cid.ToString(), e.Message);
                }
                else
                {
                    DaemonLog.NotUnpinned(logger, cid.ToString(), e.Message);
                }
            }
        }
    }
}
