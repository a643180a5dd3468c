using System.Runtime.CompilerServices;
using SwarmPool.Protocol.Content;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Retention;

/// <summary>Reads back what this pool published: sealed epochs, and what hangs under their proofs.</summary>
internal sealed class EpochContents(ContentReader content)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="SwarmPoolException">It is unavailable, or is not an epoch.</exception>
    public async ValueTask<EpochSnapshot> EpochAsync(Cid cid, CancellationToken cancellationToken) =>
        await SnapshotAsync(cid, cancellationToken) as EpochSnapshot
        ?? throw new SwarmPoolException(ErrorCodes.UnknownType, $"What {cid} holds is not an epoch.");

    /// <summary>The paid proofs of an epoch, page by page.</summary>
    /// <exception cref="SwarmPoolException">A page is unavailable.</exception>
    public IAsyncEnumerable<EpochProofItem> ProofsAsync(EpochSnapshot epoch, CancellationToken cancellationToken) =>
        ItemsAsync(epoch.Proofs, PageTree.MaxDepth, cancellationToken);

    /// <summary>What a job or a proof names that others may name too: its input or output, and the delegation that it came by; none when it is no longer available.</summary>
    public async ValueTask<IReadOnlyList<Cid>> UsedByAsync(Cid jobOrProof, CancellationToken cancellationToken) =>
        await TrySnapshotAsync(jobOrProof, cancellationToken) switch
        {
            JobSnapshot { Delegation: { } delegation } job => [job.InputCid, delegation],
            JobSnapshot job => [job.InputCid],
            ProofSnapshot { Delegation: { } delegation } proof => [proof.OutputCid, delegation],
            ProofSnapshot proof => [proof.OutputCid],
            _ => [],
        };

    private async IAsyncEnumerable<EpochProofItem> ItemsAsync(
        IReadOnlyList<Cid> pages, int depth, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var cid in pages)
        {
            var bytes = await BytesAsync(cid, SnapshotCodec.MaxPageBytes, cancellationToken);
            if (depth > 0 && PageTree.TryReadIndex(bytes, out var below))
            {
                await foreach (var item in ItemsAsync(below, depth - 1, cancellationToken))
                {
                    yield return item;
                }

                continue;
            }

            if (!SnapshotCodec.TryDecodePage<EpochProofItem>(bytes, out var items, out var refusal))
            {
                throw new SwarmPoolException(refusal.Code, refusal.Reason);
            }

            foreach (var item in items)
            {
                yield return item;
            }
        }
    }

    private async ValueTask<Snapshot?> TrySnapshotAsync(Cid cid, CancellationToken cancellationToken)
    {
        try
        {
            return await SnapshotAsync(cid, cancellationToken);
        }
        catch (SwarmPoolException)
        {
            return null; // It was let go before: then so was what it names.
        }
    }

    private async ValueTask<Snapshot> SnapshotAsync(Cid cid, CancellationToken cancellationToken)
    {
        var bytes = await BytesAsync(cid, SnapshotCodec.MaxBytes, cancellationToken);
        return SnapshotCodec.TryDecode(bytes, out var snapshot, out var refusal) ? snapshot.Body : throw new SwarmPoolException(refusal.Code, refusal.Reason);
    }

    private async ValueTask<ReadOnlyMemory<byte>> BytesAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        var (bytes, refusal) = await content.FetchAsync(cid, maxBytes, Patience, cancellationToken);
        return refusal is null ? bytes : throw new SwarmPoolException(refusal.Code, refusal.Reason);
    }
}
