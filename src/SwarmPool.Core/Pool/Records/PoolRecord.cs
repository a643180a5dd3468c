using SwarmPool.State;

namespace SwarmPool.Core.Pool.Records;

/// <summary>
/// One record of the journal: an input, the facts it was judged by, and the events that were decided.
/// </summary>
/// <param name="Sequence">1, 2, 3, …</param>
/// <param name="At">Unix ms when it was decided; never before the record before.</param>
/// <param name="Commit">The sequence of the first record that became durable in the same step: what is announced together.</param>
internal sealed record PoolRecord(long Sequence, long At, long Commit, PoolInput? Input, PoolFacts Facts, IReadOnlyList<PoolEvent> Events);

/// <summary>A record and its stored form.</summary>
internal sealed record StoredRecord(PoolRecord Record, JournalRecord Stored);
