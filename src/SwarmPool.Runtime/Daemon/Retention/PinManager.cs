using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Retention;

/// <summary>
/// Keeps what the pool may have to show: snapshots are stored before they count, pinned in the background after, and let go
/// when they are no longer to be shown.
/// </summary>
internal sealed class PinManager(IContentStore content, ContentReferences references, TimeSpan patience, TimeProvider time, ILogger<PinManager> logger)
{
    // Clients name the inputs: one that is unavailable is waited for, while the others go on.
    private const int SideBySide = 8;

    private readonly Channel<(Cid Cid, Act Act)> work = Channel.CreateBounded<(Cid Cid, Act Act)>(65_536);
    private readonly ContentReader reader = new(content, time);

    private enum Act
    {
        Pin = 0,
        Unpin,
        UnpinShared,
    }

    /// <param name="snapshot">What is to be shown.</param>
    /// <param name="by">The delegation that it came by, which whoever checks it needs as well; null when there is none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask StoreAsync(SignedSnapshot snapshot, SignedSnapshot? by, CancellationToken cancellationToken)
    {
        if (by is not null && !references.IsWanted(by.Cid))
        {
            await content.PutAsync(by.Bytes, cancellationToken);
        }

        await content.PutAsync(snapshot.Bytes, cancellationToken);
    }

    /// <summary>Pins a job that was accepted, its input and the delegation that it came by.</summary>
    public void PinJob(Cid job, Cid input, SignedSnapshot? by)
    {
        references.AddJob(job, input);
        Pin(job, input);
        PinDelegation(job, by);
    }

    /// <summary>Pins a proof that was accepted, its output and the delegation that it came by.</summary>
    public void PinProof(Cid proof, Cid output, Cid job, SignedSnapshot? by)
    {
        Pin(proof, output);
        PinDelegation(job, by);
    }

    public void Pin(params ReadOnlySpan<Cid> cids)
    {
        foreach (var cid in cids)
        {
            if (!work.Writer.TryWrite((cid, Act.Pin)))
            {
                DaemonLog.NotPinned(logger, cid.ToString(), "too many wait to be pinned");
            }
        }
    }

    /// <summary>Pins what there is no hurry with; waits while there is much to do.</summary>
    public async ValueTask PinAsync(IReadOnlyList<Cid> cids, CancellationToken cancellationToken)
    {
        foreach (var cid in cids)
        {
            await work.Writer.WriteAsync((cid, Act.Pin), cancellationToken);
        }
    }

    /// <summary>Lets content go that is no longer to be shown; waits while there is much to do.</summary>
    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => work.Writer.WriteAsync((cid, Act.Unpin), cancellationToken);

    /// <summary>The same of content that others named, as an input or an output: what a job references again stays, and so does what the pool pins for itself.</summary>
    public ValueTask UnpinSharedAsync(Cid cid, CancellationToken cancellationToken) => work.Writer.WriteAsync((cid, Act.UnpinShared), cancellationToken);

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, SideBySide).Select(_ => WorkAsync(cancellationToken)));

    // Pinned as long as something is that came by it, whether it has ended meanwhile or not, and no longer.
    private void PinDelegation(Cid job, SignedSnapshot? delegation)
    {
        if (delegation is not null && references.Add(job, delegation.Cid))
        {
            Pin(delegation.Cid);
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        await foreach (var (cid, act) in work.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await DoAsync(cid, act, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever a transport throws here costs one pin, not the daemon.
                if (act == Act.Pin)
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

    private async ValueTask DoAsync(Cid cid, Act act, CancellationToken cancellationToken)
    {
        if (act == Act.UnpinShared && (references.IsWanted(cid) || await IsThePoolsAsync(cid, cancellationToken)))
        {
            return;
        }

        using var limit = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var done = act == Act.Pin ? content.PinAsync(cid, both.Token).AsTask() : content.UnpinAsync(cid, both.Token).AsTask();
        await done.WaitAsync(both.Token);
        if (act == Act.UnpinShared && references.IsWanted(cid))
        {
            Pin(cid); // A job came to use it in that very moment: whichever was first, it is pinned in the end.
        }
    }

    // What is unavailable is nobody's to keep.
    private async ValueTask<bool> IsThePoolsAsync(Cid cid, CancellationToken cancellationToken)
    {
        var (bytes, refusal) = await reader.FetchAsync(cid, PoolContentDetector.MostBytes, patience, cancellationToken);
        return refusal is null && PoolContentDetector.Cover(bytes);
    }
}

/// <summary>
/// Tells contents that a pool pins for itself, most of them for ever, by their form: signed snapshots as epochs are, pages of items and
/// pages of journal records. A stranger may name any CID as an input or an output, and letting go of that must let go of none of these.
/// </summary>
internal static class PoolContentDetector
{
    /// <summary>The longest of them.</summary>
    public const int MostBytes = SnapshotCodec.MaxPageBytes;

    public static bool Cover(ReadOnlyMemory<byte> content)
    {
        if (content.Span.StartsWith("{\"items\":["u8) || content.Span.StartsWith("{\"sequence\":"u8))
        {
            return true;
        }

        // A miner's or a client's delegation is pinned with what came by it. The pool's own stays: its epochs name it.
        return SnapshotCodec.TryDecode(content, out var snapshot, out _) && snapshot.Body is not DelegationSnapshot { Role: not DelegationRoles.Pool };
    }
}
