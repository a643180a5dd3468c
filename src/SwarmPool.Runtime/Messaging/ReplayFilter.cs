using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Messaging;

/// <summary>
/// How far back the pool's announcements are news to this party. Anybody can publish the pool's own old words again, and to a
/// party that has just started they are as good as new: a claim would be worked on a second time, a refusal that is long
/// over believed. The pool's signed state says how far it had come: what was said before that is in it.
/// </summary>
/// <remarks>
/// Thread-safe. Judged by the pool's own positions and clock alone. The first state counts at once; a later one only when it has
/// been known for <see cref="Lateness"/>, since messages may overtake each other, and what comes late is still news.
/// </remarks>
internal sealed class ReplayFilter(TimeProvider time)
{
    /// <summary>How much later than a state an announcement may come that was made before it; and how far two daemons' clocks may differ.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromSeconds(60);

    private readonly Lock gate = new();
    private Point? behind;
    private Point? coming;

    /// <summary>Takes a state whose signature has been checked.</summary>
    public void Learn(PoolStateSnapshot state)
    {
        var point = new Point(state.Term, state.Sequence, state.Timestamp, time.GetTimestamp());
        lock (gate)
        {
            behind ??= point;
            Advance();
            if (coming is null && point.IsAfter(behind))
            {
                coming = point;
            }
        }
    }

    /// <summary>True when the state that is known was made after it: it tells nothing new, or is said again by somebody else.</summary>
    public bool IsPast(Announcement announcement)
    {
        lock (gate)
        {
            Advance();
            return behind is not null && (announcement.ToSequence > 0
                ? announcement.ToSequence <= behind.Sequence
                : announcement.Timestamp + (long)Lateness.TotalSeconds < behind.Timestamp); // An answer names no position: it tells of its moment.
        }
    }

    private void Advance()
    {
        if (coming is not null && time.GetElapsedTime(coming.Since) >= Lateness)
        {
            (behind, coming) = (coming, null);
        }
    }

    private sealed record Point(long Term, long Sequence, long Timestamp, long Since)
    {
        public bool IsAfter(Point other) => (Term, Sequence, Timestamp).CompareTo((other.Term, other.Sequence, other.Timestamp)) > 0;
    }
}
