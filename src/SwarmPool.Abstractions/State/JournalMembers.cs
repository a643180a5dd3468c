namespace SwarmPool.State;

/// <summary>Who writes a journal, and how far those that stand by have followed it.</summary>
/// <param name="Leader">Who holds the writer's lease, as long as it has not run out; null when nobody does.</param>
/// <param name="Followers">
/// Those that reported and are not forgotten yet, each once, in no order. One that has since taken the lease may be among them.
/// </param>
public sealed record JournalMembers(JournalLeader? Leader, IReadOnlyList<JournalFollower> Followers);

/// <summary>The holder of the writer's lease.</summary>
/// <param name="Fence">Its fencing token, which is the pool's term.</param>
/// <param name="Owner">Who it is, as it said when it took the lease.</param>
/// <param name="Since">When it took the lease, by the store's clock; a renewal does not change it.</param>
public sealed record JournalLeader(long Fence, string Owner, DateTimeOffset Since);

/// <summary>A standby daemon.</summary>
/// <param name="Owner">Who it is, as it reports.</param>
/// <param name="Sequence">The last record that it has applied; 0 or more.</param>
/// <param name="At">When it reported, by the store's clock.</param>
public sealed record JournalFollower(string Owner, long Sequence, DateTimeOffset At);
