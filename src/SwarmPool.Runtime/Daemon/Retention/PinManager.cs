using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Collections;
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
    /// <summary>What may wait: so much of the pool's own, whose writers wait for room, and so much of all clients and miners, each of whom has a share.</summary>
    public const int Most = 65_536;

    // Clients name the inputs: one that is unavailable is waited for, while the others go on, and the pool's own do in any case.
    private const int SideBySide = 8;
    private const int OwnSideBySide = 4;

    // A store that syncs each content is no quicker with more, and whoever comes would wait for all of them.
    private const int StoresAtATime = 8;

    private readonly Channel<(Cid Cid, Act Act)> own = Channel.CreateBounded<(Cid Cid, Act Act)>(Most);
    private readonly FairChannel<(Cid Cid, Act Act)> others = new(Most);
    private readonly FairGate storing = new(StoresAtATime, Most);
    private readonly ContentReader reader = new(content, time);

    private enum Act
    {
        Pin = 0,
        Unpin,
        UnpinShared,
    }

    /// <summary>Stores what is to count; its signers take turns.</summary>
    /// <param name="snapshot">What is to be shown.</param>
    /// <param name="by">The delegation that it came by, which whoever checks it needs as well; null when there is none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask StoreAsync(SignedSnapshot snapshot, SignedSnapshot? by, CancellationToken cancellationToken)
    {
        await storing.EnterAsync(snapshot.Body.Signer.Text, cancellationToken);
        try
        {
            if (by is not null && !references.IsWanted(by.Cid))
            {
                await content.PutAsync(by.Bytes, cancellationToken);
            }

            await content.PutAsync(snapshot.Bytes, cancellationToken);
        }
        finally
        {
            storing.Leave();
        }
    }

    /// <summary>Pins a job that was accepted, its input and the delegation that it came by.</summary>
    /// <param name="job">The job.</param>
    /// <param name="input">Its input.</param>
    /// <param name="by">The delegation; null when there is none.</param>
    /// <param name="client">Whose it is: what waits to be pinned is shared among clients and miners.</param>
    public void PinJob(Cid job, Cid input, SignedSnapshot? by, string client)
    {
        references.AddJob(job, input);
        PinOf(client, job, input);
        PinDelegation(job, by, client);
    }

    /// <summary>Pins a proof that was accepted, its output, its evidence, and the delegation that it came by.</summary>
    public void PinProof(Cid proof, Cid output, Cid job, SignedSnapshot? by, string miner, Cid? evidence = null)
    {
        PinOf(miner, proof, output);
        if (evidence is { } shown && references.Add(job, shown))
        {
            PinOf(miner, shown);
        }

        PinDelegation(job, by, miner);
    }

    public void Pin(params ReadOnlySpan<Cid> cids)
    {
        foreach (var cid in cids)
        {
            if (!own.Writer.TryWrite((cid, Act.Pin)))
            {
                TooMany(cid);
            }
        }
    }

    /// <summary>Pins what there is no hurry with; waits while there is much to do.</summary>
    public async ValueTask PinAsync(IReadOnlyList<Cid> cids, CancellationToken cancellationToken)
    {
        foreach (var cid in cids)
        {
            await own.Writer.WriteAsync((cid, Act.Pin), cancellationToken);
        }
    }

    /// <summary>Lets content go that is no longer to be shown; waits while there is much to do.</summary>
    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => own.Writer.WriteAsync((cid, Act.Unpin), cancellationToken);

    /// <summary>The same of content that others named, as an input or an output: what a job references again stays, and so does what the pool pins for itself.</summary>
    public ValueTask UnpinSharedAsync(Cid cid, CancellationToken cancellationToken) => own.Writer.WriteAsync((cid, Act.UnpinShared), cancellationToken);

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
    [
        .. Enumerable.Range(0, OwnSideBySide).Select(_ => WorkAsync(own.Reader.ReadAllAsync(cancellationToken), cancellationToken)),
        .. Enumerable.Range(0, SideBySide).Select(_ => WorkAsync(others.ReadAllAsync(cancellationToken), cancellationToken)),
    ]);

    // Pinned as long as something is that came by it, whether it has ended meanwhile or not, and no longer.
    private void PinDelegation(Cid job, SignedSnapshot? delegation, string party)
    {
        if (delegation is not null && references.Add(job, delegation.Cid))
        {
            PinOf(party, delegation.Cid);
        }
    }

    // Whoever has more than its share waiting goes without: its content stays where its owner put it.
    private void PinOf(string party, params ReadOnlySpan<Cid> cids)
    {
        foreach (var cid in cids)
        {
            foreach (var lost in others.Add(party, "", (cid, Act.Pin), 1))
            {
                TooMany(lost.Cid);
            }
        }
    }

    private void TooMany(Cid cid) => DaemonLog.NotPinned(logger, cid.ToString(), "too many wait to be pinned");

    private async Task WorkAsync(IAsyncEnumerable<(Cid Cid, Act Act)> work, CancellationToken cancellationToken)
    {
        await foreach (var (cid, act) in work.WithCancellation(cancellationToken))
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
