namespace SwarmPool.State;

/// <summary>
/// The state store slot: one append-only journal of a pool, behind a lease with a fencing token.
/// </summary>
/// <remarks>
/// Thread-safe. Linearizable: once <see cref="AppendAsync"/> has answered, the records are durable and every later read
/// by anyone sees them. A batch is taken whole or not at all. A writer whose lease was taken over is refused
/// (<see cref="JournalFault.StaleFence"/>) for ever after. Whatever reads needs no lease and works beside a writer in
/// another process: <see cref="HeadAsync"/>, <see cref="ReadAsync"/>, <see cref="LoadSnapshotAsync"/>,
/// <see cref="LoadCursorAsync"/> and <see cref="MembersAsync"/>. Disposing gives a held lease back.
/// </remarks>
public interface IPoolJournal : IAsyncDisposable
{
    /// <summary>Where the journal is, for people's screens (a path or an address without secrets).</summary>
    string Location { get; }

    /// <summary>What outsiders can look up beside the journal; null, the default, where the store has no such place.</summary>
    IPublicIndex? PublicIndex => null;

    /// <summary>
    /// Takes the writer's lease for a pool, creating the journal when there is none.
    /// </summary>
    /// <param name="pool">The pool's name; a journal belongs to one pool for ever.</param>
    /// <param name="owner">Who takes it, for people (host and process).</param>
    /// <param name="duration">How long the lease lives without renewal; a store with an operating-system lock may ignore it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JournalException">Held by another (<see cref="JournalFault.Held"/>, naming the holder), of another pool, damaged, or unavailable.</exception>
    ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Renews the lease. Throws <see cref="JournalFault.StaleFence"/> when it was lost.</summary>
    ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken);

    /// <summary>Gives the lease back. Idempotent.</summary>
    ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken);

    /// <summary>
    /// Appends a batch, durably, under the lease's fence. The first record must follow the head (sequence + 1, and its
    /// <see cref="JournalRecord.Previous"/> the head's hash); the rest follow each other.
    /// </summary>
    /// <exception cref="JournalException">Stale fence, records that don't follow the head, no room, or unavailable. Nothing of the batch was taken.</exception>
    ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken);

    /// <summary>The last record's sequence and hash; <see cref="JournalHead.Empty"/> for an empty journal.</summary>
    ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken);

    /// <summary>Reads records in order from a sequence on, up to the head at the time of the call. Needs no lease.</summary>
    /// <remarks>As they are stored: the runtime checks each body against its hash, and each hash against the chain.</remarks>
    IAsyncEnumerable<JournalRecord> ReadAsync(long fromSequence, CancellationToken cancellationToken);

    /// <summary>Saves a state snapshot. Older snapshots may be dropped once a newer one is durable.</summary>
    ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>The newest state snapshot; null when there is none.</summary>
    ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken);

    /// <summary>Remembers how far something got (e.g. "announced"). Need not be durable: a lost one is an older one.</summary>
    ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken);

    /// <summary>How far something got; 0 when never saved.</summary>
    ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken);

    /// <summary>Who leads now and how far the standby daemons are. Needs no lease; of a journal that nobody ever took it names nobody.</summary>
    /// <remarks>For people and for a standby's screen. It is no proof: a leader may be replaced the moment after.</remarks>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JournalException">The store can't be reached (<see cref="JournalFault.Unavailable"/>).</exception>
    ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Says how far a standby daemon has applied the journal. Needs no lease. It replaces what this owner reported before, need not be
    /// durable, and is forgotten after <paramref name="lifetime"/>.
    /// </summary>
    /// <param name="owner">Who reports, for people; 1 character or more.</param>
    /// <param name="sequence">The last record applied; 0 or more. It may be lower than what was reported before.</param>
    /// <param name="lifetime">How long the report counts, by the store's clock; longer than zero.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JournalException">
    /// The store can't be reached (<see cref="JournalFault.Unavailable"/>), has no room or is not writable (<see cref="JournalFault.NoRoom"/>).
    /// </exception>
    ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken);
}
