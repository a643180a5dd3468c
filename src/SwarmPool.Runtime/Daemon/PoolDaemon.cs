using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Verification;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon;

/// <summary>
/// The pool's daemon, told as a story: take the journal (or follow whoever has it until it is free), become what it says,
/// make sure that nothing else was published, begin a term, let messages in, and say what was left unsaid and what is decided, until it is time to stop.
/// </summary>
internal sealed class PoolDaemon(DaemonComponents parts, ILogger<PoolDaemon> logger)
{
    /// <summary>Completes when the daemon decides and listens, or follows another as its standby; fails when it can't start.</summary>
    public Task Ready => ready.Task;

    /// <summary>How long it waits at its end: for what is at work to leave off, and for the transport to take what was decided.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs until <paramref name="stopping"/> (then drains and returns) or until something makes it unsafe to go on (then throws).</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            DaemonLog.Engine(logger, parts.Engine);
            DaemonLog.Judges(logger, parts.Verifier, BuiltInVerifiers.Asks(parts.Verifier));
            var known = await parts.SettingsAsync(stopping); // What is wrong with name or key a standby is to tell now, and not at its take-over.
            await using var published = parts.Published();
            await KnowAsync(published, stopping); // What the pool has signed need not be judged again.
            var tail = parts.Tail(published);
            var warm = new FollowerState(parts.Journal, parts.Checks, logger, parts.Seal, tail);
            await using var lease = await parts.TakeAsync(warm, () => Follow(published, known), logger, stopping);
            await warm.CatchUpAsync(stopping); // Now nobody else appends: this is the whole journal.
            DaemonLog.JournalTaken(logger, parts.Journal.Location, lease.Held.Fence, warm.Head.Sequence, warm.Applied);
            await published.FindAsync(stopping);
            foreach (var signed in parts.Signed(published))
            {
                await PublishedHead.CheckAsync(signed, parts.Pool, parts.Journal, warm.Head, stopping);
            }

            await parts.Facts(known, warm.Head).CheckAsync(tail.Facts, stopping);
            await LeadAsync(await parts.BindAsync(await parts.SettingsAsync(stopping), warm.State.Settings, stopping), lease, warm, published, stopping);
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

    // Where the pointer can't be asked for, a leader says so when it has taken the lead; a standby hears.
    private async ValueTask KnowAsync(PublishedHeadProbe published, CancellationToken stopping)
    {
        try
        {
            await published.FindAsync(stopping);
        }
        catch (TransportException e)
        {
            DaemonLog.StatesNotHeard(logger, e.Message);
        }
    }

    private void Follow(PublishedHeadProbe published, PoolSettings settings)
    {
        published.Listen();
        ready.TrySetResult();
        TakeoverWarmup.Run(parts.Decide, settings, parts.Time);
    }

    private async Task LeadAsync(PoolSettings settings, LeaderLease lease, FollowerState journal, PublishedHeadProbe published, CancellationToken stopping)
    {
        var commits = Channel.CreateBounded<Commit>(1024);
        var draws = await parts.DrawsAsync(journal.State, stopping);
        await using var agreements = parts.Agreements(settings);
        using var sequencer = new Sequencer(parts.Journal, lease, journal.State, journal.Head, commits.Writer, parts.Decide, parts.Time, draws, agreements);
        var announcer = parts.Announcer(lease, commits.Reader);
        var unsaid = await Outbox.ReadAsync(parts.Journal, journal.State, journal.Head, logger, stopping);

        parts.ClockReport.TellIfBehind(journal.State.At);
        await using var hurrying = stopping.Register(parts.Time.Hurry);
        using var work = new CancellationTokenSource();
        using var saying = new CancellationTokenSource();
        var deciding = sequencer.RunAsync();
        var announcing = Task.CompletedTask;
        RunningDaemon? running = null;
        try
        {
            await BeginAsync(sequencer, lease, settings, stopping);
            announcing = announcer.RunAsync(unsaid, saying.Token); // Not before: a term does not wait until an old one's words are out.
            running = await parts.OpenAsync(sequencer, lease, agreements, work.Token);
            parts.Observer.Started(parts.Pool, lease.Held.Fence, journal.Head.Sequence, parts.Journal.Location);
            parts.Observer.ChecksBy(parts.Policy(settings));
            ready.TrySetResult();
            await published.EndAsync(); // What it was for is done.
            await UntilStopAsync(sequencer, deciding, [deciding, announcing, running.Running, lease.Keeping], stopping);

            // Drained in the order that messages flow: nothing more comes in, what came in is decided, what was decided is said.
            await work.CancelAsync();
            await running.ClosedAsync().WaitAsync(Patience, parts.Time, CancellationToken.None);
            using var limit = new CancellationTokenSource(Patience, parts.Time);
            await using var abandoning = limit.Token.Register(saying.Cancel);
            var copy = await sequencer.AskAsync(StateCopy.Take, CancellationToken.None);
            sequencer.Complete();
            await deciding;
            await announcing;
            await StateCopy.SaveAsync(parts.Journal, lease.Held, parts.Seal, copy);
        }
        finally
        {
            await work.CancelAsync();
            await EndAsync(sequencer, commits.Writer, deciding, announcing, saying, running);
        }
    }

    private static async Task BeginAsync(Sequencer sequencer, LeaderLease lease, PoolSettings settings, CancellationToken stopping)
    {
        var begun = await sequencer.SubmitAsync(new StartedInput(lease.Held.Fence, settings), PoolFacts.None, stopping);
        if (begun.Kind != DecisionKind.Accepted)
        {
            throw new SwarmPoolException(begun.Refusal!.Code, begun.Refusal.Reason);
        }
    }

    /// <summary>Returns when it is asked to stop; throws when anything ends before.</summary>
    private static async Task UntilStopAsync(Sequencer sequencer, Task deciding, IReadOnlyList<Task> running, CancellationToken stopping)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopping.Register(() => stop.TrySetResult());
        var ended = await Task.WhenAny([stop.Task, .. running]);
        if (sequencer.IsOver)
        {
            await deciding; // The sequencer's failure makes others fail: it is the one to tell.
        }

        if (ended != stop.Task)
        {
            await ended;
            throw new InvalidOperationException("A part of the daemon ended by itself; the daemon can't go on without it. Start it again.");
        }
    }

    /// <summary>Waits, for a while, until nothing of this term runs any longer: it must not outlive its lease.</summary>
    private async Task EndAsync(
        Sequencer sequencer, ChannelWriter<Commit> commits, Task deciding, Task announcing, CancellationTokenSource saying, RunningDaemon? running)
    {
        sequencer.Complete();
        if (announcing.IsFaulted)
        {
            commits.TryComplete(announcing.Exception); // Nobody takes commits any longer: the sequencer must not wait for that.
        }

        using var limit = new CancellationTokenSource(Patience, parts.Time);
        await using var abandoning = limit.Token.Register(saying.Cancel);
        var rest = Task.WhenAll(deciding, announcing, running?.ClosedAsync() ?? Task.CompletedTask);

        // What failed first is being thrown already; what fails now is a consequence of it.
        await rest.WaitAsync(Patience * 2, parts.Time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        running?.Dispose();
    }
}
