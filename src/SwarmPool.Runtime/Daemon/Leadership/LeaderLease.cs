using System.Globalization;
using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Errors;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Leadership;

/// <summary>
/// The right to write the journal: taken, renewed from then on, given back at the end. The store refuses whoever lost it;
/// this tells the daemon itself, so that it neither decides nor says anything while it can't know that it leads.
/// </summary>
internal sealed class LeaderLease : IAsyncDisposable
{
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(5);

    /// <summary>So many leases without a renewal, and it is given up; in all but the first the daemon is silent.</summary>
    private const int Endurance = 3;

    private readonly IPoolJournal journal;
    private readonly TimeSpan duration;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource ending = new();
    private readonly SemaphoreSlim renewing = new(1, 1);
    private volatile Moment taken;
    private volatile SwarmPoolException? lost;

    private LeaderLease(IPoolJournal journal, JournalLease held, TimeSpan duration, Moment asked, TimeProvider time, ILogger logger)
    {
        this.journal = journal;
        Held = held;
        this.duration = duration;
        this.time = time;
        this.logger = logger;
        taken = asked;
        Keeping = KeepAsync(ending.Token);
    }

    public JournalLease Held { get; }

    /// <summary>Renews until the lease is given back; fails when it was lost, or could not be renewed for three times as long as it lives.</summary>
    public Task Keeping { get; }

    /// <exception cref="JournalException">Held by another, of another pool, damaged or unavailable.</exception>
    public static async ValueTask<LeaderLease> TakeAsync(
        IPoolJournal journal, EnsName pool, string owner, TimeSpan duration, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var asked = Moment.Of(time); // Before the call: the store counts from later on.
        var held = await journal.AcquireAsync(pool.Text, owner, duration, cancellationToken);
        return new LeaderLease(journal, held, duration, asked, time, logger);
    }

    /// <summary>
    /// Returns when this daemon leads for all it can know: at once within a lease of its last renewal, else (it stood still, or the
    /// store did) as soon as one more succeeds. There is an instant between this and what follows; there the store's fence has the last word.
    /// </summary>
    /// <exception cref="SwarmPoolException">SP4007: another leads, or might.</exception>
    public ValueTask SureAsync(CancellationToken cancellationToken) =>
        lost is null && IsSure ? ValueTask.CompletedTask : new ValueTask(AskAsync(cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            await journal.ReleaseAsync(Held, CancellationToken.None).AsTask().WaitAsync(ReleasePatience, time);
        }
        catch (Exception e) when (e is JournalException or TimeoutException)
        {
            DaemonLog.LeaseNotReleased(logger, e.Message); // It must not hide why the daemon ends.
        }

        ending.Dispose();
    }

    private bool IsSure => taken.Age(time) < duration;

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        var wait = duration / 3;
        while (true)
        {
            await Task.Delay(wait, time, cancellationToken);
            try
            {
                await RenewAsync(onlyInDoubt: false, cancellationToken);
                wait = duration / 3;
            }
            catch (JournalException e)
            {
                DaemonLog.RenewalFails(logger, e.Message);
                wait = duration / 12;
            }
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        do
        {
            try
            {
                await RenewAsync(onlyInDoubt: true, cancellationToken);
            }
            catch (JournalException)
            {
                await Task.Delay(duration / 12, time, cancellationToken); // Whoever keeps the lease tells of it.
            }
        }
        while (lost is not null || !IsSure);
    }

    private async Task RenewAsync(bool onlyInDoubt, CancellationToken cancellationToken)
    {
        await renewing.WaitAsync(cancellationToken);
        try
        {
            if (lost is not null)
            {
                throw lost;
            }

            if (onlyInDoubt && IsSure)
            {
                return;
            }

            await RenewAsync(cancellationToken);
        }
        finally
        {
            renewing.Release();
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var asked = Moment.Of(time);
        try
        {
            await journal.RenewAsync(Held, cancellationToken).AsTask().WaitAsync(duration, time, cancellationToken);
            taken = asked;
        }
        catch (JournalException e) when (e.Fault == JournalFault.StaleFence)
        {
            throw lost = JournalFaults.Explain(e);
        }
        catch (Exception e) when (e is JournalException or TimeoutException)
        {
            var age = taken.Age(time);
            if (age >= duration * Endurance)
            {
                throw lost = new SwarmPoolException(ErrorCodes.LeaseLost, string.Create(
                    CultureInfo.InvariantCulture,
                    $"The lease {Held.Fence} on the journal {journal.Location} could not be renewed for {age.TotalSeconds:0.#} s, so another daemon may lead: {e.Message} This one stops; nothing acknowledged is lost. Start it again when the store replies."), e);
            }

            throw e as JournalException ?? new JournalException(JournalFault.Unavailable, e.Message, e);
        }
    }

    private static TimeSpan Longest(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>By both clocks: the one stands still while the machine sleeps, the other may be set back.</summary>
    private sealed record Moment(long Stamp, DateTimeOffset Utc)
    {
        public static Moment Of(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow());

        public TimeSpan Age(TimeProvider time) => Longest(time.GetElapsedTime(Stamp), time.GetUtcNow() - Utc);
    }
}

/// <summary>Who a daemon is to those who ask who leads.</summary>
internal static class OwnerName
{
    /// <summary>The name that was chosen, or the machine's and the process's.</summary>
    public static string Of(string instance) => instance.Length > 0
        ? instance
        : string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}");
}
