using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Timing;

/// <summary>Tells of jumps of the clock: in the log, to the observer, and beside the journal, where whoever asks for the status finds the last one.</summary>
/// <remarks>Thread-safe but for <see cref="RunAsync"/>, of which one runs.</remarks>
internal sealed class ClockReport(IDaemonObserver observer, TimeProvider time, ILogger<ClockReport> logger)
{
    private readonly Channel<ClockJump> unwritten = Channel.CreateBounded<ClockJump>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Returns at once.</summary>
    public void Tell(ClockJump jump)
    {
        DaemonLog.ClockJumped(logger, jump.By.TotalSeconds, jump.Phase);
        observer.ClockJumped(jump.By, jump.Phase);
        unwritten.Writer.TryWrite(jump);
    }

    /// <summary>The same of a clock that is behind the last record, by more than clocks may differ.</summary>
    /// <param name="recordedMs">When that was decided, unix milliseconds.</param>
    public void TellIfBehind(long recordedMs)
    {
        var by = time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(recordedMs);
        if (by < -SteadyTime.Tolerance)
        {
            Tell(new ClockJump(by, ClockJumpPhase.BehindJournal));
        }
    }

    /// <summary>Writes it beside the journal until cancelled.</summary>
    public async Task RunAsync(IPoolJournal journal, JournalLease lease, CancellationToken cancellationToken)
    {
        await foreach (var jump in unwritten.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await LastClockJump.SaveAsync(journal, lease, jump, time.GetUtcNow(), cancellationToken);
            }
            catch (JournalException e)
            {
                DaemonLog.ClockJumpNotKept(logger, e.Message); // Told it was; and whoever keeps the lease tells when that is lost.
            }
        }
    }
}
