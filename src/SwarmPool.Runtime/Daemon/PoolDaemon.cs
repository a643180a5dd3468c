using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Signatures;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon;

/// <summary>
/// The pool's daemon, told as a story: take the journal, become what it says, make sure that nothing else was published,
/// begin a term, say what was left unsaid, then let messages in until it is time to stop.
/// </summary>
internal sealed class PoolDaemon(DaemonParts parts, ILogger<PoolDaemon> logger)
{
    /// <summary>Completes when the daemon decides and listens; fails when it can't start.</summary>
    public Task Ready => ready.Task;

    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs until <paramref name="stopping"/> (then drains and returns) or until something makes it unsafe to go on (then throws).</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            DaemonLog.Engine(logger, SignatureEngines.Description);
            var settings = await parts.SettingsAsync(stopping);
            await using var lease = await PoolLease.TakeAsync(parts.Journal, parts.Pool, parts.Time, stopping);
            var journal = await JournalReplay.RestoreAsync(parts.Journal, stopping);
            DaemonLog.JournalTaken(logger, parts.Journal.Location, lease.Held.Fence, journal.Head.Sequence, journal.Replayed);
            await PublishedHead.CheckAsync(parts.Transport, parts.Content, parts.Signers, parts.Pool, parts.Journal, stopping);
            await LeadAsync(settings, lease, journal, stopping);
        }
        catch (JournalException e)
        {
            var explained = JournalFaults.Explain(e);
            ready.TrySetException(explained);
            throw explained;
        }
        catch (Exception e)
        {
            ready.TrySetException(e);
            throw;
        }
    }

    private async Task LeadAsync(PoolSettings settings, PoolLease lease, JournalReplay.Result journal, CancellationToken stopping)
    {
        var commits = Channel.CreateBounded<Commit>(1024);
        using var sequencer = new Sequencer(parts.Journal, lease.Held, journal.State, journal.Head, commits.Writer, parts.Time);
        var announcer = parts.Announcer(lease.Held, commits.Reader);
        await Backlog.AnnounceAsync(parts.Journal, journal.State, announcer, logger, stopping);

        using var work = new CancellationTokenSource();
        var deciding = sequencer.RunAsync();
        try
        {
            await sequencer.SubmitAsync(new StartedInput(lease.Held.Fence, settings), PoolFacts.None, stopping);
            using var desks = await parts.OpenAsync(sequencer, work.Token);
            var announcing = announcer.RunAsync(CancellationToken.None);
            parts.Observer.Started(parts.Pool, lease.Held.Fence, journal.Head.Sequence, parts.Journal.Location);
            ready.TrySetResult();

            var ended = await Task.WhenAny(deciding, announcing, desks.Running, lease.KeepAsync(work.Token), WhenAsync(stopping));
            await ended; // What failed is thrown here: the daemon never goes on in doubt.

            // Drained in the order that messages flow: nothing more comes in, what came in is decided, what was decided is said.
            await work.CancelAsync();
            await desks.ClosedAsync();
            var state = await sequencer.AskAsync(StateCopy.Take, CancellationToken.None);
            sequencer.Complete();
            await deciding;
            await announcing.WaitAsync(TimeSpan.FromSeconds(10), parts.Time, CancellationToken.None);
            await StateCopy.SaveAsync(parts.Journal, lease.Held, state);
        }
        finally
        {
            await work.CancelAsync();
            sequencer.Complete();
        }
    }

    private static async Task WhenAsync(CancellationToken stopping)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopping.Register(stopped.SetResult);
        await stopped.Task;
    }
}
