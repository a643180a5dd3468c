using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon;

/// <summary>Audits a pool's journal: everything that was decided is decided again.</summary>
public static class PoolAudit
{
    /// <summary>
    /// Reads the whole journal and runs the rules over its recorded inputs and facts: they must give the recorded events, the
    /// hashes must chain, and every recorded message must be signed by the account that was recorded. It needs no lease and
    /// changes nothing, so a journal can be audited while a daemon writes it.
    /// </summary>
    /// <param name="journal">The journal.</param>
    /// <param name="progress">Is told the sequence of each record that was audited; may be null.</param>
    /// <param name="cancellationToken">Ends the audit.</param>
    /// <exception cref="JournalException">The journal can't be read.</exception>
    /// <remarks>Thread-safe. It needs memory for the pool's state, and about as long as the signatures of all messages take to check.</remarks>
    public static Task<AuditReport> RunAsync(IPoolJournal journal, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journal);
        return JournalAudit.RunAsync(journal, progress, cancellationToken);
    }
}

/// <summary>What an audit found.</summary>
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

/// <summary>A record that is not what the rules give.</summary>
/// <param name="Sequence">The record's sequence.</param>
/// <param name="What">What is wrong with it.</param>
public sealed record AuditDifference(long Sequence, string What);
