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

    /// <summary>The paid proofs of an epoch.</summary>
    /// <exception cref="SwarmPoolException">A page is unavailable, or there are more than the epoch says.</exception>
    public IAsyncEnumerable<EpochProofItem> ProofsAsync(EpochSnapshot epoch, CancellationToken cancellationToken) =>
        pages.ItemsAsync<EpochProofItem>(epoch.Proofs, epoch.ProofsCount, cancellationToken);

    /// <summary>What a job or a proof names that others may name too: its input or output and evidence, and the delegation that it came by; none when it is unavailable.</summary>
    public async ValueTask<IReadOnlyList<Cid>> UsedByAsync(Cid jobOrProof, CancellationToken cancellationToken) =>
        (await content.FetchSnapshotAsync<Snapshot>(jobOrProof, Patience, cancellationToken)).Snapshot?.Body switch
        {
            JobSnapshot { Delegation: { } delegation } job => [job.InputCid, delegation],
            JobSnapshot job => [job.InputCid],
            ProofSnapshot proof => [.. new[] { proof.OutputCid, proof.EvidenceCid, proof.Delegation }.OfType<Cid>()],
            _ => [], // It was let go before: then so was what it names.
        };
}
