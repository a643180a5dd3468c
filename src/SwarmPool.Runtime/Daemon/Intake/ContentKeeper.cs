using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Intake;

/// <summary>Keeps what the pool may have to show: snapshots are stored before they count, pinned in the background after.</summary>
internal sealed class ContentKeeper(IContentStore content, TimeSpan patience, TimeProvider time, ILogger<ContentKeeper> logger)
{
    // Clients name the inputs: one that can't be had is waited for, while the others go on.
    private const int SideBySide = 8;

    private readonly Channel<Cid> toPin = Channel.CreateBounded<Cid>(65_536);

    public async ValueTask StoreAsync(SignedSnapshot snapshot, CancellationToken cancellationToken) =>
        await content.PutAsync(snapshot.Bytes, cancellationToken);

    public void Pin(params ReadOnlySpan<Cid> cids)
    {
        foreach (var cid in cids)
        {
            if (!toPin.Writer.TryWrite(cid))
            {
                DaemonLog.NotPinned(logger, cid.ToString(), "too many wait to be pinned");
            }
        }
    }

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, SideBySide).Select(_ => PinAllAsync(cancellationToken)));

    private async Task PinAllAsync(CancellationToken cancellationToken)
    {
        await foreach (var cid in toPin.Reader.ReadAllAsync(cancellationToken))
        {
            using var limit = new CancellationTokenSource(patience, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                await content.PinAsync(cid, both.Token).AsTask().WaitAsync(both.Token);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever a transport throws here costs one pin, not the daemon.
                DaemonLog.NotPinned(logger, cid.ToString(), e.Message);
            }
        }
    }
}
