using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Content;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Publishing;

/// <summary>
/// The published lists as pages. Only pages that changed are made again; an unchanged page keeps its CID and costs nothing.
/// </summary>
internal sealed class StatePages(IContentStore content)
{
    private readonly SortedDictionary<long, IReadOnlyList<Cid>> pending = [];
    private readonly SortedDictionary<long, IReadOnlyList<Cid>> claimed = [];
    private readonly SortedDictionary<long, IReadOnlyList<Cid>> miners = [];

    /// <summary>What a state names of each list.</summary>
    public async ValueTask<(IReadOnlyList<Cid> Pending, IReadOnlyList<Cid> Claimed, IReadOnlyList<Cid> Miners)> NameAsync(CancellationToken cancellationToken) =>
        (await NameAsync(pending, cancellationToken), await NameAsync(claimed, cancellationToken), await NameAsync(miners, cancellationToken));

    /// <summary>All pages that the lists are made of now.</summary>
    public IReadOnlyList<Cid> Stored => [.. pending.Values.Concat(claimed.Values).Concat(miners.Values).SelectMany(static cids => cids)];

    /// <summary>What changed since the last capture, copied; runs on the sequencer between two batches.</summary>
    public static Changes Capture(PoolState state)
    {
        var (unpaid, commits) = (state.Epochs.OldestUnpaid, CheckAnnouncements.Commits(state));
        var jobs = state.Jobs.ChangedPages.Select(page => new JobPage(
            page,
            [.. state.Jobs.Page(page).Where(j => j.Phase == JobPhase.Pending).Select(AnnouncementItems.New)],
            [.. state.Jobs.Page(page).SelectMany(j => j.Leases.Select(l => AnnouncementItems.Claimed(j, l, commits)))],
            [.. state.Jobs.Page(page).Where(j => !j.IsOpen || j.Proofs.Count > 0).Select(j => EndOf(j, unpaid))])).ToList();
        var changedMiners = state.Miners.ChangedPages.Select(page => new MinerPage(
            page,
            [.. state.Miners.InOrder.Skip((int)page * MinerTable.PageSize).Take(MinerTable.PageSize).Select(Item)],
            [.. state.Miners.InOrder.Skip((int)page * MinerTable.PageSize).Take(MinerTable.PageSize).Select(AnnouncementItems.Joined)])).ToList();
        state.Jobs.ForgetChanges();
        state.Miners.ChangedPages.Clear();
        return new Changes(jobs, changedMiners);
    }

    /// <summary>Stores the changed pages.</summary>
    public async ValueTask StoreAsync(Changes changes, CancellationToken cancellationToken)
    {
        foreach (var page in changes.Jobs)
        {
            await StoreAsync(pending, page.Number, page.Pending, cancellationToken);
            await StoreAsync(claimed, page.Number, page.Claimed, cancellationToken);
        }

        foreach (var page in changes.Miners)
        {
            await StoreAsync(miners, page.Number, page.Items, cancellationToken);
        }
    }

    private async ValueTask StoreAsync<TItem>(
        SortedDictionary<long, IReadOnlyList<Cid>> pages, long number, IReadOnlyList<TItem> items, CancellationToken cancellationToken)
    {
        if (items.Count == 0)
        {
            pages.Remove(number);
        }
        else
        {
            var cids = new List<Cid>(1);
            foreach (var page in PageTree.Encode(items, items.Count))
            {
                cids.Add(await content.PutAsync(page, cancellationToken));
            }

            pages[number] = cids;
        }
    }

    private ValueTask<IReadOnlyList<Cid>> NameAsync(SortedDictionary<long, IReadOnlyList<Cid>> pages, CancellationToken cancellationToken) =>
        PageTree.NameAsync([.. pages.Values.SelectMany(static cids => cids)], bytes => content.PutAsync(bytes, cancellationToken));

    private static MinerStateItem Item(MinerEntry m) => new(m.Name, m.Mode, m.Models, m.Gpus, m.RegisteredAt, m.JobsCompleted, m.CoolDownUntil)
    {
        Standing = m.Clients is { Count: > 0 } clients
            ? [.. clients.TakeLast(MinerStateItem.MostStanding).Select(static one => new StandingItem(one.Client, one.Decided, one.Strikes, one.PauseUntil, one.Record))]
            : null,
    };

    private static JobEnd EndOf(JobEntry j, long unpaid) => new(
        j.Cid, j.Phase is JobPhase.Failed or JobPhase.Expired or JobPhase.Cancelled, j.IsOpen || j.Epoch >= unpaid, [.. j.Proofs.Select(static p => p.ProofCid)]);

    internal sealed record Changes(IReadOnlyList<JobPage> Jobs, IReadOnlyList<MinerPage> Miners);

    /// <param name="Ended">The jobs that are over, and those with proofs.</param>
    internal sealed record JobPage(long Number, IReadOnlyList<JobNewItem> Pending, IReadOnlyList<ClaimAcceptedItem> Claimed, IReadOnlyList<JobEnd> Ended);

    /// <param name="Joined">The same miners as when they registered: what does not change with each job.</param>
    internal sealed record MinerPage(long Number, IReadOnlyList<MinerStateItem> Items, IReadOnlyList<MinerJoinedItem> Joined);

    /// <param name="Unpaid">It ended without counting.</param>
    /// <param name="Unsealed">It is open, or no sealed epoch pays for it yet.</param>
    internal sealed record JobEnd(Cid Job, bool Unpaid, bool Unsealed, IReadOnlyList<Cid> Proofs);
}
