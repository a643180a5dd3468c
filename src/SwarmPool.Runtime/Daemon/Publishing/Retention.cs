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
internal sealed class Retention(EpochContents contents, InputBook inputs, Sequencer sequencer, ContentKeeper keeper)
{
    private const int MostRemembered = 1_000_000;

    private readonly Dictionary<Cid, long> lastUse = [];
    private HashSet<Cid> pinnedPages = [];

    /// <summary>Takes note of what a sealed epoch uses.</summary>
    public async Task KeepAsync(KeptEpoch epoch, CancellationToken cancellationToken)
    {
        await foreach (var proof in contents.ProofsAsync(epoch.Epoch, cancellationToken))
        {
            var input = inputs.Remove(proof.JobCid);
            Use(input.IsEmpty ? await contents.InputOfAsync(proof.JobCid, cancellationToken) : input, epoch.Epoch.Number);
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
        var outputs = await UnsettledOutputsAsync(cancellationToken);
        await foreach (var proof in contents.ProofsAsync(epoch.Epoch, cancellationToken))
        {
            var input = await contents.InputOfAsync(proof.JobCid, cancellationToken);
            var output = await contents.OutputOfAsync(proof.ProofCid, cancellationToken);
            foreach (var shared in new[] { input, output })
            {
                if (lastUse.TryGetValue(shared, out var last) && last == epoch.Epoch.Number && !outputs.Contains(shared) && !inputs.IsWanted(shared))
                {
                    lastUse.Remove(shared);
                    await keeper.UnpinAsync(shared, cancellationToken);
                }
            }

            await keeper.UnpinAsync(proof.ProofCid, cancellationToken);
            await keeper.UnpinAsync(proof.JobCid, cancellationToken);
        }
    }

    /// <summary>Takes note of a job that was there before this daemon.</summary>
    public async ValueTask KnowAsync(Cid job, CancellationToken cancellationToken)
    {
        if (!inputs.Knows(job) && await contents.InputOfAsync(job, cancellationToken) is { IsEmpty: false } input)
        {
            inputs.Add(job, input);
        }
    }

    /// <summary>Unpins a job that ended without counting, and its input unless another job has the same.</summary>
    public async ValueTask ReleaseUnpaidAsync(Cid job, CancellationToken cancellationToken)
    {
        var input = inputs.Remove(job);
        await keeper.UnpinAsync(job, cancellationToken);
        if (!input.IsEmpty && !inputs.IsWanted(input) && !lastUse.ContainsKey(input) && lastUse.Count < MostRemembered)
        {
            await keeper.UnpinAsync(input, cancellationToken);
        }
    }

    private void Use(Cid cid, long epoch)
    {
        if (!cid.IsEmpty && (lastUse.ContainsKey(cid) || lastUse.Count < MostRemembered))
        {
            lastUse[cid] = Math.Max(epoch, lastUse.GetValueOrDefault(cid));
        }
    }

    /// <summary>The outputs of jobs that no sealed epoch holds; asked page by page, so that deciding goes on.</summary>
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
        var oldest = state.Epochs.Closed.Count > 0 ? state.Epochs.Closed[0].Number : state.Epochs.Open!.Number;
        return [.. state.Jobs.Page(page)
            .Where(job => job.IsOpen || job.Epoch >= oldest)
            .SelectMany(static job => job.Proofs)
            .Select(static proof => proof.OutputCid)];
    }
}
