namespace SwarmPool.State;

/// <summary>One record of a journal. The store does not look inside <see cref="Body"/>.</summary>
/// <param name="Sequence">1, 2, 3, … without a gap.</param>
/// <param name="Previous">SHA-256 of the record before, 32 bytes; all zero for the first.</param>
/// <param name="Hash">SHA-256 of <paramref name="Body"/>, 32 bytes.</param>
/// <param name="Body">The record as UTF-8 JSON; it repeats sequence and previous, so its hash chains.</param>
public sealed record JournalRecord(long Sequence, ReadOnlyMemory<byte> Previous, ReadOnlyMemory<byte> Hash, ReadOnlyMemory<byte> Body);

/// <summary>The end of a journal.</summary>
/// <param name="Sequence">The last record's sequence; 0 for an empty journal.</param>
/// <param name="Hash">The last record's hash, 32 bytes; all zero for an empty journal.</param>
public sealed record JournalHead(long Sequence, ReadOnlyMemory<byte> Hash)
{
    /// <summary>The head of an empty journal.</summary>
    public static JournalHead Empty { get; } = new(0, new byte[32]);
}

/// <summary>A writer's lease.</summary>
/// <param name="Fence">The fencing token: greater than that of every lease before. It is the pool's term.</param>
/// <param name="Owner">Who holds it, for people.</param>
public sealed record JournalLease(long Fence, string Owner);

/// <summary>A cached state at a sequence. Only a cache: of an unknown format, the journal is replayed.</summary>
/// <param name="Format">Names the encoding of <paramref name="Body"/>.</param>
/// <param name="Sequence">The last record that is in it.</param>
/// <param name="Hash">That record's hash, 32 bytes.</param>
/// <param name="Body">The encoded state.</param>
public sealed record StateSnapshot(string Format, long Sequence, ReadOnlyMemory<byte> Hash, ReadOnlyMemory<byte> Body);
