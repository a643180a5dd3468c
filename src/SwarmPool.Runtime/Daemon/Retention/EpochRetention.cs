using SwarmPool.Core.Pool;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Retention;

/// <summary>
/// What stays pinned: the contents of jobs that wait, are at work, are not settled, or count in one of the last epochs. What
/// an older epoch alone still needs is unpinned. Epochs and their pages stay for ever: each audits alone.
/// </summary>
/// <remarks>
/// Not thread-safe. A job and its proofs are one epoch's own, being signed; an input, an output or a delegation may be another's too, so
/// who used it last is remembered. Of more than so many nothing is remembered, and what is not remembered is kept.
/// </remarks>
internal sealed class EpochRetention(EpochContents contents, ContentReferences references, Sequencer sequencer, PinManager pins)
{
    private const int MostRemembered = 1_000_000;

    private readonly Dictionary<Cid, long> lastUse = [];
    private HashSet<Cid> pinnedPages = [];

    /// <summary>Takes note of what a sealed epoch references.</summary>
    public async Task KeepAsync(KeptEpoch epoch, CancellationToken cancellationToken)
    {
        await foreach (var proof in contents.ProofsAsync(epoch.Epoch, cancellationToken))
        {
            var (used, isWhole) = references.Remove(proof.JobCid);
            Use(used, epoch.Epoch.Number);
            Use(isWhole ? [] : await contents.UsedByAsync(proof.JobCid, cancellationToken), epoch.Epoch.Number);
            Use(await contents.UsedByAsync(proof.ProofCid, cancellationToken), epoch.Epoch.Number);
        }
    }

    /// <summary>Pins the pages of the newest state, and unpins those that no longer belong to it.</summary>
    public async Task KeepPagesAsync(IReadOnlyList<Cid> pages, CancellationToken cancellationToken)
    {
        HashSet<Cid> now = [.. pages];
        pins.Pin([.. now.Except(pinnedPages)]);
        foreach (var page in pinnedPages.Except(now))
        {
            await pins.UnpinAsync(page, cancellationToken);
        }

        pinnedPages = now;
    }

    /// <summary>Unpins what an epoch alone still needs.</summary>
    public async Task ReleaseAsync(KeptEpoch epoch, CancellationToken cancellationToken)
    {
        var outputs = await UnsettledOutputsAsync(cancellationToken);
        await foreach (var proof in contents.ProofsAsync(epoch.Epoch, cancellationToken))
        {
            var ofJob = await contents.UsedByAsync(proof.JobCid, cancellationToken);
            var ofProof = await contents.UsedByAsync(proof.ProofCid, cancellationToken);
            foreach (var shared in ofJob.Concat(ofProof).Where(shared => lastUse.GetValueOrDefault(shared) == epoch.Epoch.Number))
            {
                lastUse.Remove(shared);
                if (!outputs.Contains(shared) && !references.IsWanted(shared))
                {
                    await pins.UnpinSharedAsync(shared, cancellationToken);
                }
            }

            await pins.UnpinAsync(proof.ProofCid, cancellationToken);
            await pins.UnpinAsync(proof.JobCid, cancellationToken);
        }
    }

    /// <summary>Takes note of a job that was there before this daemon, and of its proofs; and pins what the one before may have had no time to.</summary>
    public async ValueTask KnowAsync(Cid job, IReadOnlyList<Cid> proofs, CancellationToken cancellationToken)
    {
        if (await contents.UsedByAsync(job, cancellationToken) is { Count: > 0 } ofJob)
        {
            references.AddJob(job, [.. ofJob]);
            await pins.PinAsync([job, .. ofJob], cancellationToken);
        }

        foreach (var proof in proofs)
        {
            var ofProof = await contents.UsedByAsync(proof, cancellationToken);
            foreach (var used in ofProof)
            {
                references.Add(job, used);
            }

            await pins.PinAsync([proof, .. ofProof], cancellationToken);
        }
    }

    /// <summary>Unpins a job that ended without counting, and what it used unless another job references the same.</summary>
    public async ValueTask ReleaseUnpaidAsync(Cid job, CancellationToken cancellationToken)
    {
        var (used, _) = references.Remove(job);
        await pins.UnpinAsync(job, cancellationToken);
        foreach (var shared in used.Where(shared => !references.IsWanted(shared) && !lastUse.ContainsKey(shared) && lastUse.Count < MostRemembered))
        {
            await pins.UnpinSharedAsync(shared, cancellationToken);
        }
    }

    private void Use(IEnumerable<Cid> used, long epoch)
    {
        foreach (var cid in used)
        {
            if (lastUse.ContainsKey(cid) || lastUse.Count < MostRemembered)
            {
                lastUse[cid] = Math.Max(epoch, lastUse.GetValueOrDefault(cid));
            }
        }
    }

    /// <summary>The outputs of jobs that no sealed epoch pays for; asked page by page, so that deciding goes on.</summary>
    private async Task<HashSet<Cid>> UnsettledOutputsAsync(CancellationToken cancellationToken)
    {
        var used = new HashSet<Cid>();
        foreach (var page in await sequencer.AskAsync(static state => state.Jobs.PageNumbers.ToList(), cancellationToken))
        {
            used.UnionWith(await sequencer.AskAsync(state => UnsettledOutputs(state, page), cancellationToken));
        }

        return used;
    }

    private static List<Cid> UnsettledOutputs(PoolState state, long page)
    {
        var oldest = state.Epochs.OldestUnpaid;
        return [.. state.Jobs.Page(page)
            .Where(job => job.IsOpen || job.Epoch >= oldest)
            .SelectMany(static job => job.Proofs)
            .Select(static proof => proof.OutputCid)];
    }
}
