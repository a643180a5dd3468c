using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Timing;

/// <summary>The last jump of a leader's clock, as it is kept beside the journal.</summary>
internal static class LastClockJump
{
    private const string AtCursor = "clock-jump-at";
    private const string ByCursor = "clock-jump-by";
    private const string PhaseCursor = "clock-jump-phase";

    public static async ValueTask SaveAsync(IPoolJournal journal, JournalLease lease, ClockJump jump, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var by = (long)jump.By.TotalMilliseconds;
        await journal.SaveCursorAsync(lease, ByCursor, (by << 1) ^ (by >> 63), cancellationToken); // A cursor is not below zero.
        await journal.SaveCursorAsync(lease, PhaseCursor, (long)jump.Phase, cancellationToken);
        await journal.SaveCursorAsync(lease, AtCursor, at.ToUnixTimeMilliseconds(), cancellationToken);
    }

    /// <summary>The jump and when it was told, unix milliseconds; null when there was none.</summary>
    public static async ValueTask<(ClockJump Jump, long AtMs)?> LoadAsync(IPoolJournal journal, CancellationToken cancellationToken)
    {
        var at = await journal.LoadCursorAsync(AtCursor, cancellationToken);
        if (at == 0)
        {
            return null;
        }

        var by = await journal.LoadCursorAsync(ByCursor, cancellationToken);
        var phase = (ClockJumpPhase)await journal.LoadCursorAsync(PhaseCursor, cancellationToken);
        return (new ClockJump(TimeSpan.FromMilliseconds((by >> 1) ^ -(by & 1)), phase), at);
    }
}
