using SwarmPool.Runtime.Daemon.Intake;
using SwarmPool.Runtime.Pool;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Publishing;

/// <summary>
/// What stays pinned: the contents of jobs that wait, are at work, are not settled, or count in one of the last epochs. What
/// an older epoch alone still needs is unpinned. Epochs and their pages stay for ever: each audits alone.
/// </summary>
/// <remarks>
/// Not thread-safe. A job and its proofs are one epoch's own, being signed; an input or an output may be another's too, so
/// who used it last is remembered. Of more than so many nothing is remembered, and what is not remembered is kept.
/// </remarks>
internal sealed class Retention(EpochContents contents, Sequencer sequencer, ContentKeeper keeper)
{
    private const int MostRemembered = 1_000_000;

    private readonly Dictionary<Cid, long> lastUse = [];
    private HashSet<Cid> pinnedPages = [];

    /// <summary>Takes note of what a sealed epoch uses.</summary>
    public async Task KeepAsync(KeptEpoch epoch, CancellationToken cancellationToken)
    {
        await foreach (var proof in contents.ProofsAsync(epoch.Epoch, cancellationToken))
        {
            Use(await contents.InputOfAsync(proof.JobCid, cancellationToken), epoch.Epoch.Number);
            Use(await contents.OutputOfAsync(proof.ProofCid, cancellationToken), epoch.Epoch.Number);
        }
    }

    /// <summary>Pins the pages of the newest state, and unpins those that no longer belong to it.</summary>
    public async Task KeepPagesAsync(IReadOnlyList<Cid> pages, CancellationToken cancellationToken)
    {
        HashSet<Cid> now = [.. pages];
        keeper.Pin([.. now.Except(pinnedPages)]);
        foreach (var page in pinnedPages.Except(now))
        {
            await keeper.UnpinAsync(page, cancellationToken);
        }

        pinnedPages = now;
    }

    /// <summary>Unpins what an epoch alone still needs.</summary>
    public async Task ReleaseAsync(KeptEpoch epoch, CancellationToken cancellationToken)
    {
        var unsettled = await UnsettledAsync(cancellationToken);
        await foreach (var proof in contents.ProofsAsync(epoch.Epoch, cancellationToken))
        {
            var input = await contents.InputOfAsync(proof.JobCid, cancellationToken);
            var output = await contents.OutputOfAsync(proof.ProofCid, cancellationToken);
            foreach (var shared in new[] { input, output })
            {
                if (lastUse.TryGetValue(shared, out var last) && last == epoch.Epoch.Number && !unsettled.Contains(shared))
                {
                    lastUse.Remove(shared);
                    await keeper.UnpinAsync(shared, cancellationToken);
                }
            }

            await keeper.UnpinAsync(proof.ProofCid, cancellationToken);
            await keeper.UnpinAsync(proof.JobCid, cancellationToken);
        }
    }

    /// <summary>Unpins a job that ended without counting. Its input may be another's: it goes with the epoch that used it last, if any does.</summary>
    public ValueTask ReleaseUnpaidAsync(Cid job, CancellationToken cancellationToken) => keeper.UnpinAsync(job, cancellationToken);

    private void Use(Cid cid, long epoch)
    {
        if (!cid.IsEmpty && (lastUse.ContainsKey(cid) || lastUse.Count < MostRemembered))
        {
            lastUse[cid] = Math.Max(epoch, lastUse.GetValueOrDefault(cid));
        }
    }

    /// <summary>The inputs and outputs of jobs that no sealed epoch holds; asked page by page, so that deciding goes on.</summary>
    private async Task<HashSet<Cid>> UnsettledAsync(CancellationToken cancellationToken)
    {
        var used = new HashSet<Cid>();
        foreach (var page in await sequencer.AskAsync(static state => state.Jobs.PageNumbers.ToList(), cancellationToken))
        {
            foreach (var (job, outputs) in await sequencer.AskAsync(state => Unsettled(state, page), cancellationToken))
            {
                used.Add(await contents.InputOfAsync(job, cancellationToken));
                used.UnionWith(outputs);
            }
        }

        return used;
    }

    private static List<(Cid Job, List<Cid> Outputs)> Unsettled(PoolState state, long page)
    {
        var oldest = state.Epochs.Closed.Count > 0 ? state.Epochs.Closed[0].Number : state.Epochs.Open!.Number;
        return [.. state.Jobs.Page(page)
            .Where(job => job.IsOpen || job.Epoch >= oldest)
            .Select(job => (job.Cid, job.Proofs.ConvertAll(static proof => proof.OutputCid)))];
    }
}
