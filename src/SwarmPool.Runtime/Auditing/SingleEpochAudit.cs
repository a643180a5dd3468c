using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Auditing;

/// <summary>One epoch by itself: its records' forms and signatures, its pages and its split. What the policy began with is what its records say.</summary>
/// <param name="source">Where pages come from.</param>
/// <param name="policy">The policy to settle it by again; null leaves that out.</param>
/// <param name="reader">Reads records.</param>
/// <param name="tally">Counts.</param>
/// <param name="remarks">Is told what should be seen.</param>
/// <param name="findings">Is told what differs.</param>
/// <remarks>Not thread-safe; for one run.</remarks>
internal sealed class SingleEpochAudit(
    EpochSource source, ISettlementPolicy? policy, RecordReader reader, AuditProgressReporter tally, AuditRemarks remarks, AuditFindings findings)
{
    private readonly SplitAudit splits = new(policy, findings);

    public async Task<HistoryAudit.Result> RunAsync(EpochSnapshot epoch, EpochSnapshot? previous, CancellationToken cancellationToken)
    {
        if (epoch.Number == 1)
        {
            splits.Record(0, "", 0);
        }

        var reading = new EpochReading(source, findings);
        var book = await HeldAsync(epoch, previous, reading, cancellationToken);
        findings.Subject = "";
        var read = await reading.ReadAsync(epoch, previous, null, book, stored => Judge(stored, epoch.Number - 1), cancellationToken);
        var again = splits.IsDue(epoch.Number) && splits.Settle(epoch, read.Pages);
        var ours = policy is not null && SplitCheck.Covers(policy, epoch);
        remarks.Hear(epoch, again || ours);
        remarks.HearAlone(epoch);
        if (ours && !again)
        {
            remarks.Add(AuditRemarkKinds.Split, 0, $"{epoch.EpochId} was not settled again: what the policy began with is not in its records", epoch.TotalVolumeUsdc.Micro);
        }

        return new(again ? 1 : 0, again);
    }

    // What it pays was decided in the epochs that it releases: their records are read as its own are.
    private async Task<WorkBook> HeldAsync(EpochSnapshot epoch, EpochSnapshot? previous, EpochReading reading, CancellationToken cancellationToken)
    {
        var older = new Stack<EpochSnapshot>();
        var first = epoch.WorkFrom ?? epoch.Number;
        if (HoldCheck.IsTooOld(epoch))
        {
            findings.Add(FormattableString.Invariant($"it pays the work of epochs from {epoch.WorkFrom} on: no pool holds it for so long"));
            return new WorkBook(epoch.Number);
        }

        var before = previous;
        while (before is not null && before.Number >= first && before.Number == epoch.Number - older.Count - 1)
        {
            older.Push(before);
            before = before.PreviousEpoch is { } cid ? (await source.EpochAsync(cid, cancellationToken)).Body : null;
        }

        var book = new WorkBook(older.TryPeek(out var oldest) ? oldest.Number : epoch.Number);
        while (older.TryPop(out var one))
        {
            findings.Subject = one.EpochId + ": ";
            await reading.RememberAsync(one, before, book, cancellationToken, Judge);
            before = one;
        }

        return book;
    }

    private PoolRecord? Judge(JournalRecord stored) => Judge(stored, 0);

    private PoolRecord? Judge(JournalRecord stored, long before)
    {
        var record = reader.Read(stored);
        if (record is null)
        {
            return null;
        }

        tally.Take(record);
        remarks.Hear(record);
        if (record.Events.OfType<EpochSettled>().FirstOrDefault(settled => settled.Number == before) is { } settled)
        {
            splits.Record(before, settled.PolicyState, record.Sequence);
        }

        return record;
    }
}
