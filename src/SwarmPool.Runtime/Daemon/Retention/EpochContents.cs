using System.Runtime.CompilerServices;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Content;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Retention;

/// <summary>Reads back what this pool published: sealed epochs, and what hangs under their proofs.</summary>
internal sealed class EpochContents(ContentReader content)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PageReader pages = new(content, Patience);

    /// <exception cref="SwarmPoolException">It is unavailable, or not an epoch.</exception>
    public async ValueTask<EpochSnapshot> EpochAsync(Cid cid, CancellationToken cancellationToken)
    {
        var (epoch, refusal) = await content.FetchSnapshotAsync<EpochSnapshot>(cid, Patience, cancellationToken);
        return epoch?.Body ?? throw new SwarmPoolException(refusal!.Code, refusal.Reason);
    }

    /// <summary>The proofs that an epoch is the last word on: those that it pays, and those whose price goes back to the client.</summary>
    /// <exception cref="SwarmPoolException">A page is unavailable, or there are more than the epoch says.</exception>
    public async IAsyncEnumerable<(Cid JobCid, Cid ProofCid)> ProofsAsync(EpochSnapshot epoch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var proof in pages.ItemsAsync<EpochProofItem>(epoch.Proofs, epoch.ProofsCount, cancellationToken))
        {
            yield return (proof.JobCid, proof.ProofCid);
        }

        await foreach (var refund in pages.ItemsAsync<RefundItem>(epoch.Refunds?.Items ?? [], PageReader.MostItems, cancellationToken))
        {
            yield return (refund.JobCid, refund.ProofCid);
        }
    }

    /// <summary>What a job or a proof names that others may name too: its input or output, and the delegation that it came by; none when it is unavailable.</summary>
    public async ValueTask<IReadOnlyList<Cid>> UsedByAsync(Cid jobOrProof, CancellationToken cancellationToken) =>
        (await content.FetchSnapshotAsync<Snapshot>(jobOrProof, Patience, cancellationToken)).Snapshot?.Body switch
        {
            JobSnapshot { Delegation: { } delegation } job => [job.InputCid, delegation],
            JobSnapshot job => [job.InputCid],
            ProofSnapshot proof => [proof.OutputCid, .. Named(proof.EvidenceCid), .. Named(proof.Delegation)],
            _ => [], // It was let go before: then so was what it names.
        };

    private static ReadOnlySpan<Cid> Named(Cid? cid) => cid is { } named ? new Cid[] { named } : [];
}
