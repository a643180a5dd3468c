using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Leadership;

/// <summary>
/// Waits for the lead: while another daemon has it, applies the journal as it grows, says how far it is, and takes the lease
/// when it lapses or is given back. Of several that try, the store lets one; the others follow that one.
/// </summary>
internal sealed class Standby(
    IPoolJournal journal, EnsName pool, string owner, TimeSpan lease, StandbyLag lag, IDaemonObserver observer, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Unreachable = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Reporting = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReportLives = TimeSpan.FromSeconds(10);

    private readonly TimeSpan looking = TimeSpan.FromTicks(Math.Clamp((lease / 20).Ticks, Idle.Ticks / 2, Unreachable.Ticks));
    private JournalLeader? leader;
    private long told = -1;
    private bool isUnreachable;

    /// <summary>Returns with the lease.</summary>
    /// <param name="warm">Is brought up to the head again and again; before it leads, once more.</param>
    /// <param name="follows">Called once, when it follows another.</param>
    /// <param name="stopping">Gives up.</param>
    public async ValueTask<LeaderLease> TakeAsync(FollowerState warm, Action follows, CancellationToken stopping)
    {
        if (await TryTakeAsync(stopping) is { } free)
        {
            return free;
        }

        await warm.CatchUpAsync(stopping);
        leader = (await journal.MembersAsync(stopping)).Leader;
        observer.StandingBy(pool, leader, warm.Head.Sequence, journal.Location);
        DaemonLog.StandsBy(logger, journal.Location, leader?.Owner ?? "another", warm.Head.Sequence);
        follows();
        return await FollowAsync(warm, stopping);
    }

    private async ValueTask<LeaderLease> FollowAsync(FollowerState warm, CancellationToken stopping)
    {
        var (looked, reported, applied) = (time.GetTimestamp(), 0L, 0L);
        for (var pause = Busy; ; await Task.Delay(pause, time, stopping))
        {
            try
            {
                await warm.CatchUpAsync(stopping, lag.Applied);
                applied = warm.Applied > 0 ? time.GetTimestamp() : applied;
                pause = time.GetElapsedTime(applied) < Calm ? Busy : Idle; // Where some came, more come soon.
                if (time.GetElapsedTime(reported) >= Reporting)
                {
                    reported = time.GetTimestamp();
                    await ReportAsync(warm, stopping);
                }

                if (time.GetElapsedTime(looked) >= looking)
                {
                    looked = time.GetTimestamp();
                    if (await LookAsync(warm, stopping) is { } taken)
                    {
                        return taken;
                    }
                }

                isUnreachable = false;
            }
            catch (JournalException e) when (e.Fault is JournalFault.Unavailable or JournalFault.NoRoom)
            {
                pause = Unreachable;
                TellOnce(e);
            }
        }
    }

    private async ValueTask ReportAsync(FollowerState warm, CancellationToken stopping)
    {
        if (warm.Head.Sequence != told)
        {
            told = warm.Head.Sequence;
            observer.Followed(told, lag.TakeLongest());
        }

        await journal.ReportAsync(owner, warm.Head.Sequence, ReportLives, stopping);
    }

    // To ask who leads is cheaper than to be refused, and says whom this one stands behind.
    private async ValueTask<LeaderLease?> LookAsync(FollowerState warm, CancellationToken stopping)
    {
        var now = (await journal.MembersAsync(stopping)).Leader;
        if (now is null && await TryTakeAsync(stopping) is { } taken)
        {
            return taken;
        }

        if (now is not null && now != leader)
        {
            leader = now;
            observer.StandingBy(pool, now, warm.Head.Sequence, journal.Location);
            DaemonLog.StandsBy(logger, journal.Location, now.Owner, warm.Head.Sequence);
        }

        return null;
    }

    private async ValueTask<LeaderLease?> TryTakeAsync(CancellationToken stopping)
    {
        try
        {
            return await LeaderLease.TakeAsync(journal, pool, owner, lease, time, logger, stopping);
        }
        catch (JournalException e) when (e.Fault == JournalFault.Held)
        {
            return null;
        }
    }

    private void TellOnce(JournalException e)
    {
        if (!isUnreachable)
        {
            isUnreachable = true;
            DaemonLog.CannotFollow(logger, e.Message);
        }
    }
}
