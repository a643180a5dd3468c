using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Intake;

/// <summary>Keeps what the pool may have to show: snapshots are stored before they count, pinned in the background after.</summary>
internal sealed class ContentKeeper(IContentStore content, ILogger<ContentKeeper> logger)
{
    private readonly Channel<Cid> toPin = Channel.CreateBounded<Cid>(
        new BoundedChannelOptions(65_536) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

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

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var cid in toPin.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await content.PinAsync(cid, cancellationToken);
            }
            catch (TransportException e)
            {
                DaemonLog.NotPinned(logger, cid.ToString(), e.Message);
            }
        }
    }
}
