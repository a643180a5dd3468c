using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Auditing;

/// <summary>What an audit of a journal found.</summary>
/// <param name="Records">How many records were audited.</param>
/// <param name="Messages">How many of them hold a signed message.</param>
/// <param name="DifferenceCount">How many differences there are; 0: the journal is right.</param>
/// <param name="Differences">The first 100 of them, in order.</param>
/// <param name="StateHash">SHA-256 of the state that the records lead to, lower-case hex.</param>
public sealed record AuditReport(long Records, long Messages, long DifferenceCount, IReadOnlyList<AuditDifference> Differences, string StateHash)
{
    /// <summary>True when nothing differs.</summary>
    public bool IsRight => DifferenceCount == 0;
}

/// <summary>Something that is not what signed inputs and the rules give.</summary>
/// <param name="Sequence">The record's sequence; 0 where it is about no single record.</param>
/// <param name="What">What is wrong with it.</param>
public sealed record AuditDifference(long Sequence, string What)
{
    /// <summary>One line: "record 7: …", or what is wrong alone.</summary>
    public override string ToString() =>
        Sequence == 0 ? What : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"record {Sequence}: {What}");
}

/// <summary>What an audit of published epochs found.</summary>
/// <param name="Snapshot">The epoch that was asked about, as published.</param>
/// <param name="Cid">Its CID.</param>
public sealed record EpochAuditReport(EpochSnapshot Snapshot, Cid Cid)
{
    /// <summary>
    /// True when the rules decided every record again, from the pool's first record on or from where an earlier audit ended; false when the
    /// epoch was audited alone: its signatures and sums.
    /// </summary>
    public bool DecidedAgain { get; init; }

    /// <summary>How many epochs were read with all their records.</summary>
    public long Epochs { get; init; }

    /// <summary>How many records were read.</summary>
    public long Records { get; init; }

    /// <summary>How many of them hold a message, whose signature was checked.</summary>
    public long Messages { get; init; }

    /// <summary>How many of the epochs' splits were recomputed by the policy.</summary>
    public long Splits { get; init; }

    /// <summary>True when the split of the epoch that was asked about is among them.</summary>
    public bool SplitChecked { get; init; }

    /// <summary>How many things are not as they should be; 0: all is right. From 10,000 on no more records are read.</summary>
    public long DifferenceCount { get; init; }

    /// <summary>The first 100 of them.</summary>
    public required IReadOnlyList<AuditDifference> Differences { get; init; }

    /// <summary>Whether the names still say what was recorded of them.</summary>
    public required NameReport Names { get; init; }

    /// <summary>
    /// What is no difference, since it was the pool's to do, but what whoever audits should see: settings that were changed, replicas that no
    /// client signed for, epochs settled by another policy, delegations that are unavailable. The 100 with the most money at stake, that first.
    /// </summary>
    public IReadOnlyList<AuditRemark> Remarks { get; init; } = [];

    /// <summary>How many of them there are in all.</summary>
    public long RemarkCount { get; init; }

    /// <summary>
    /// The money, in micro-USDC, that hangs on the remarks and on names that have changed or can't be asked: all of it together, but no more
    /// than all that was decided in what was read or was still open at its end.
    /// </summary>
    public long AtStakeMicroUsdc { get; init; }

    /// <summary>True when there is nothing that a person should look at: no remark, and every name says today what was recorded of it.</summary>
    public bool IsQuiet => RemarkCount == 0 && Names is { ChangeCount: 0, Unavailable: 0 };

    /// <summary>Where the next audit can go on; null unless it was asked for and all is right.</summary>
    public AuditCheckpoint? Checkpoint { get; init; }

    /// <summary>True when nothing differs.</summary>
    public bool IsRight => DifferenceCount == 0;
}

/// <summary>
/// Whose words and whose money it was: a record says which account a name had, which nobody can sign for. So the names are asked again.
/// A change since is no fault (keys are changed, names are sold); somebody whose name it is can tell.
/// </summary>
/// <param name="Asked">How many names were heard or paid.</param>
/// <param name="Same">How many of them have today every account that signed for them, and are paid wherever they were paid.</param>
/// <param name="Unavailable">How many can't be looked up now, or could not within ten minutes for all.</param>
/// <param name="Changed">What has changed of the others, those first that pay or are paid the most; the first 100.</param>
public sealed record NameReport(int Asked, int Same, int Unavailable, IReadOnlyList<AuditRemark> Changed)
{
    /// <summary>How many things have changed in all.</summary>
    public int ChangeCount { get; init; } = Changed.Count;

    /// <summary>The money, in micro-USDC, that stands on what was recorded of the names that have changed.</summary>
    public long ChangedMicroUsdc { get; init; }

    /// <summary>The money, in micro-USDC, that stands on what was recorded of the names that can't be looked up.</summary>
    public long UnavailableMicroUsdc { get; init; }
}

/// <summary>How far an audit is.</summary>
/// <param name="Epoch">The number of the epoch that is being read.</param>
/// <param name="Last">The number of the last one.</param>
/// <param name="Records">How many records were read so far.</param>
public readonly record struct AuditProgress(long Epoch, long Last, long Records);
