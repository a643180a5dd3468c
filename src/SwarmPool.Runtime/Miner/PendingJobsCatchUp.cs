using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Collections;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Reader;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// Reads from the pool's signed state what was not heard: jobs that wait (on start, and whenever there is nothing to do),
/// and whether the pool knows this miner.
/// </summary>
internal sealed class PendingJobsCatchUp(
    StateSource source, NewestState book, JobWatch watch, Registration registration, Heartbeats heartbeats, MinerMessageFactory messages, TimeProvider time, ILogger<PendingJobsCatchUp> logger)
{
    private const int Enough = 1_000;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly BoundedCache<Cid, bool> foreignPages = new(JobWatch.Capacity);
    private long checkedTerm;

    /// <summary>Takes a state that the pool announced.</summary>
    public void Hear(SignedSnapshot state)
    {
        if (!Offer(state))
        {
            return;
        }

        news.Writer.TryWrite(true);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (book.Newest is null || !await HeardAsync(cancellationToken))
            {
                // Nothing announced lately: what the pool's pointer leads to is the next best.
                if (await source.ReadPointerAsync(cancellationToken) is { } pointed)
                {
                    Offer(pointed);
                }
                else if (book.Newest is null)
                {
                    await HeardAsync(cancellationToken);
                }
            }

            if (book.Newest is { } state)
            {
                await CheckRegistrationAsync((PoolStateSnapshot)state.Body, cancellationToken);
                await ReadJobsAsync((PoolStateSnapshot)state.Body, cancellationToken);
            }
        }
    }

    private bool Offer(SignedSnapshot state)
    {
        var before = book.Conflict;
        var newer = book.Offer(state);
        if (before is null && book.Conflict is { } conflict)
        {
            MinerLog.Equivocation(logger, conflict.Term, conflict.Sequence);
        }

        if (newer)
        {
            heartbeats.IntervalSeconds = ((PoolStateSnapshot)state.Body).HeartbeatSeconds;
        }

        return newer;
    }

    /// <summary>True when a newer state was announced; false when it has been quiet for a while.</summary>
    private async Task<bool> HeardAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await news.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(Silence, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task ReadJobsAsync(PoolStateSnapshot state, CancellationToken cancellationToken)
    {
        if (watch.Count > 0)
        {
            return; // There is work; the backlog is read when it is done.
        }

        // A page that was read and had nothing for this miner has nothing for it now: the same CID is the same jobs.
        await foreach (var page in source.Pages.PagesAsync<JobNewItem>(state.PendingJobs, PageReader.MostItems, cancellationToken, skip: cid => foreignPages.TryGet(cid, out _)))
        {
            if (page.Refusal is not null)
            {
                MinerLog.PageUnreadable(logger, page.Refusal.ToString());
                continue;
            }

            var mine = false;
            foreach (var item in page.Items)
            {
                mine |= watch.Offer(item, state.Sequence);
            }

            if (!mine)
            {
                foreignPages.Set(page.Cid, true);
            }

            if (watch.Count >= Enough)
            {
                return;
            }
        }
    }

    // Only a daemon that took over could have lost the registration, so once a term is enough.
    private async Task CheckRegistrationAsync(PoolStateSnapshot state, CancellationToken cancellationToken)
    {
        if (!registration.IsRegistered || state.Term == checkedTerm)
        {
            return;
        }

        var first = checkedTerm == 0;
        checkedTerm = state.Term;
        if (first)
        {
            return; // The pool that answered the registration is the one that published this.
        }

        await foreach (var page in source.Pages.PagesAsync<MinerStateItem>(state.ActiveMiners, PageReader.MostItems, cancellationToken))
        {
            if (page.Refusal is not null || page.Items.Any(item => item.Miner == messages.Miner))
            {
                return; // Known, or not to be told: a refused claim would tell.
            }
        }

        MinerLog.RegistersAgain(logger, messages.Miner.Text, "the new daemon's state does not list it");
        registration.Invalidate();
    }
}
