using System.Globalization;
using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon;

/// <summary>The right to write the journal: taken at start, renewed, given back at the end.</summary>
internal sealed class PoolLease : IAsyncDisposable
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    private readonly IPoolJournal journal;
    private readonly TimeProvider time;

    private readonly ILogger logger;

    private PoolLease(IPoolJournal journal, JournalLease held, TimeProvider time, ILogger logger)
    {
        this.journal = journal;
        Held = held;
        this.time = time;
        this.logger = logger;
    }

    public JournalLease Held { get; }

    /// <exception cref="SwarmPoolException">Held by another, of another pool, damaged or not to be had.</exception>
    public static async ValueTask<PoolLease> TakeAsync(
        IPoolJournal journal, EnsName pool, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var owner = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}");
        try
        {
            return new PoolLease(journal, await journal.AcquireAsync(pool.Text, owner, Duration, cancellationToken), time, logger);
        }
        catch (JournalException e)
        {
            throw JournalFaults.Explain(e);
        }
    }

    /// <summary>Renews until cancelled. Throws when the lease was lost: another daemon leads, and this one must stop.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Duration / 3, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await journal.RenewAsync(Held, cancellationToken);
            }
            catch (JournalException e)
            {
                throw JournalFaults.Explain(e);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await journal.ReleaseAsync(Held, CancellationToken.None);
        }
        catch (JournalException e)
        {
            DaemonLog.LeaseNotReleased(logger, e.Message); // It must not hide why the daemon ends.
        }
    }
}

/// <summary>A journal's fault with the framework's code.</summary>
internal static class JournalFaults
{
    public static SwarmPoolException Explain(JournalException e) => new(
        e.Fault switch
        {
            JournalFault.Held or JournalFault.StaleFence => ErrorCodes.JournalHeld,
            JournalFault.OtherPool => ErrorCodes.JournalOfOtherPool,
            JournalFault.Damaged or JournalFault.NotNext => ErrorCodes.JournalDamaged,
            JournalFault.NoRoom => ErrorCodes.JournalAppendFailed,
            JournalFault.NotDurable => ErrorCodes.JournalNotDurable,
            _ => ErrorCodes.JournalUnreadable,
        },
        e.Message,
        e);
}
