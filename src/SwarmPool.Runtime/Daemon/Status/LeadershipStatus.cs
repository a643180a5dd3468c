using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Status;

/// <summary>The daemon that leads a pool.</summary>
/// <param name="Owner">Who it is: the option <c>instance</c>, else machine and process.</param>
/// <param name="Term">Its term.</param>
/// <param name="Since">When it took the journal, unix milliseconds, UTC.</param>
public sealed record LeaderStatus(string Owner, long Term, long Since)
{
    internal static LeaderStatus? Of(JournalMembers standing) =>
        standing.Leader is { } leader ? new(leader.Owner, leader.Fence, leader.Since.ToUnixTimeMilliseconds()) : null;
}

/// <summary>A daemon that stands by.</summary>
/// <param name="Owner">Who it is: the option <c>instance</c>, else machine and process.</param>
/// <param name="Records">The last record that it had applied when it reported.</param>
/// <param name="Behind">How many records the journal has more by now.</param>
/// <param name="At">When it reported, unix milliseconds, UTC; it does so once a second.</param>
public sealed record StandbyStatus(string Owner, long Records, long Behind, long At)
{
    // One that has just taken over is still among those that reported.
    internal static IReadOnlyList<StandbyStatus> Of(JournalMembers standing, long records) =>
    [
        .. standing.Followers.Where(one => one.Owner != standing.Leader?.Owner).OrderBy(one => one.Owner, StringComparer.Ordinal)
            .Select(one => new StandbyStatus(one.Owner, one.Sequence, Math.Max(0, records - one.Sequence), one.At.ToUnixTimeMilliseconds())),
    ];
}
