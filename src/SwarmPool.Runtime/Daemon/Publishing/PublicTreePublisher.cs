using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Retention;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Publishing;

/// <summary>
/// Follows what the state publisher publishes, on a loop of its own: tells the transport's public tree what the pool looks
/// like now and the journal's public index what can be looked up, and has the contents of old epochs let go. Nothing waits for it.
/// </summary>
internal sealed class PublicTreePublisher(
    ITransport transport, IPublicIndex? index, EnsName pool, EpochContents contents, KeptEpochs epochs, EpochRetention retention, ILogger<PublicTreePublisher> logger)
{
    private readonly Lock gate = new();
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly PublicTreeDiff folders = new();
    private readonly Dictionary<string, Cid> unshown = new(StringComparer.Ordinal);
    private readonly List<PublicEpoch> unsaid = [];
    private readonly IPublicTree? tree = transport.PublicTree;
    private Dictionary<long, StatePages.JobPage> jobs = [];
    private Dictionary<long, StatePages.MinerPage> miners = [];
    private PublishedState? state;
    private bool isFirst = true;

    /// <summary>Pages that changed; a later word on a page replaces an earlier one that was not yet heard.</summary>
    public void Add(StatePages.Changes changes)
    {
        lock (gate)
        {
            foreach (var page in changes.Jobs)
            {
                jobs[page.Number] = page;
            }

            foreach (var page in changes.Miners)
            {
                miners[page.Number] = page;
            }
        }
    }

    /// <summary>The state that was published after these changes.</summary>
    public void Add(PublishedState published)
    {
        lock (gate)
        {
            state = published;
        }

        wake.Writer.TryWrite(true);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in wake.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await FollowAsync(cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever a transport throws here: a view is behind for a while, and nothing else waits for it.
                DaemonLog.FaceBehind(logger, e, e.Message);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var taken = Take();
        try
        {
            foreach (var (number, page) in taken.Jobs)
            {
                Show(folders.OfJobs(page));
                foreach (var (job, proofs) in isFirst ? PublicTreeDiff.UnsealedJobs(page) : [])
                {
                    await retention.KnowAsync(job, proofs, cancellationToken);
                }

                foreach (var job in folders.NewlyUnpaid(page))
                {
                    await retention.ReleaseUnpaidAsync(job, cancellationToken);
                }

                taken.Jobs.Remove(number);
            }

            foreach (var (number, page) in taken.Miners)
            {
                if (tree is not null)
                {
                    Show(await folders.OfMinersAsync(page, transport.Content, cancellationToken));
                }

                taken.Miners.Remove(number);
            }
        }
        finally
        {
            GiveBack(taken.Jobs, taken.Miners);
        }

        if (tree is not null)
        {
            Show([new PublicFile("state.json", taken.State.Cid)]);
            await retention.KeepPagesAsync(taken.State.Pages, cancellationToken);
        }

        await FollowEpochsAsync(taken.State.Body, cancellationToken);
        index?.Show(pool.Text, taken.State.Cid, [.. unsaid]);
        unsaid.Clear();
        tree?.Show(pool.Text, [.. unshown.Select(static file => new PublicFile(file.Key, file.Value))], isAll: isFirst);
        unshown.Clear();
        isFirst = false;
    }

    private async Task FollowEpochsAsync(PoolStateSnapshot body, CancellationToken cancellationToken)
    {
        // With nobody to show them to there is nothing to look at before the first epoch is too old.
        if (body.LastEpoch is not { } last || (tree is null && index is null && !epochs.MayBeTooOld(body.CurrentEpoch)))
        {
            return;
        }

        var (added, tooOld) = await epochs.AdvanceAsync(last, cancellationToken);
        unsaid.AddRange(added.Select(static epoch => new PublicEpoch(epoch.Epoch.EpochId, epoch.Cid)));
        foreach (var epoch in added)
        {
            await retention.KeepAsync(epoch, cancellationToken);
            Show([new PublicFile($"epochs/{epoch.Epoch.EpochId}", epoch.Cid)]);
            await ShowProofsAsync(epoch, isShown: true, cancellationToken);
        }

        foreach (var epoch in tooOld)
        {
            await ShowProofsAsync(epoch, isShown: false, cancellationToken);
            Show([new PublicFile($"epochs/{epoch.Epoch.EpochId}", default)]);
            await retention.ReleaseAsync(epoch, cancellationToken);
        }
    }

    private async Task ShowProofsAsync(KeptEpoch epoch, bool isShown, CancellationToken cancellationToken)
    {
        if (tree is not null)
        {
            await foreach (var proof in contents.ProofsAsync(epoch.Epoch, cancellationToken))
            {
                Show([PublicTreeDiff.Proof(proof.ProofCid) with { Content = isShown ? proof.ProofCid : default }]);
            }
        }
    }

    private void Show(IEnumerable<PublicFile> files)
    {
        if (tree is not null)
        {
            foreach (var file in files)
            {
                unshown[file.Path] = file.Content;
            }
        }
    }

    private (Dictionary<long, StatePages.JobPage> Jobs, Dictionary<long, StatePages.MinerPage> Miners, PublishedState State) Take()
    {
        lock (gate)
        {
            var taken = (jobs, miners, state!);
            (jobs, miners) = ([], []);
            return taken;
        }
    }

    // What could not be shown is shown with the next state, unless something newer has been said of it by then.
    private void GiveBack(Dictionary<long, StatePages.JobPage> unshownJobs, Dictionary<long, StatePages.MinerPage> unshownMiners)
    {
        lock (gate)
        {
            foreach (var (number, page) in unshownJobs)
            {
                jobs.TryAdd(number, page);
            }

            foreach (var (number, page) in unshownMiners)
            {
                miners.TryAdd(number, page);
            }
        }
    }
}

/// <summary>A state that was published, and all pages that belong to it.</summary>
internal sealed record PublishedState(PoolStateSnapshot Body, Cid Cid, IReadOnlyList<Cid> Pages);
