using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Signatures;
using SwarmPool.State;

namespace SwarmPool.Runtime.Auditing;

/// <summary>Audits a pool's journal: everything that was decided is decided again.</summary>
public static class JournalAudit
{
    private const int RecordsPerReport = 1_000;

    /// <summary>
    /// Reads the whole journal and runs the rules over its recorded inputs and facts: they must give the recorded events, the
    /// hashes must chain, and every recorded message must be signed by the account that was recorded, for one and the same pool.
    /// It needs no lease and changes nothing, so a journal can be audited while a daemon writes it.
    /// </summary>
    /// <param name="journal">The journal.</param>
    /// <param name="progress">Is told the sequence of each thousandth record that was audited; may be null.</param>
    /// <param name="cancellationToken">Ends the audit.</param>
    /// <exception cref="JournalException">The journal can't be read.</exception>
    /// <remarks>Thread-safe. It needs memory for the pool's state, and about as long as the signatures of all messages take to check.</remarks>
    public static async Task<AuditReport> RunAsync(IPoolJournal journal, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var findings = new AuditFindings();
        var audit = new RecordAudit(new RecordReader(SignatureEngines.Best, findings), new PoolState(), JournalHead.Empty, findings);
        await foreach (var stored in journal.ReadAsync(1, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (audit.Next(stored) is null)
            {
                break;
            }

            if (stored.Sequence % RecordsPerReport == 0)
            {
                progress?.Report(stored.Sequence);
            }
        }

        return new AuditReport(audit.Head.Sequence, audit.Messages, findings.Count, findings.Listed, StateHash.Of(audit.State));
    }
}
