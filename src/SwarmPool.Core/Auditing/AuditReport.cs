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
