using System.Globalization;
using System.Text.Json;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Settlement;
using SwarmPool.Settlement;
using SwarmPool.State;

namespace SwarmPool.Core.Auditing;

/// <summary>Decides records again, one after the other, from their recorded inputs and facts, and compares.</summary>
/// <param name="reader">Reads them and checks what is signed.</param>
/// <param name="state">The state before the first; it is moved along.</param>
/// <param name="head">What the first has to follow.</param>
/// <param name="findings">Is told what differs.</param>
/// <param name="decide">The rules; null for those of this build.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class RecordAudit(RecordReader reader, PoolState state, JournalHead head, AuditFindings findings, DecideFunction? decide = null)
{
    private const int MostOfEvents = 400;

    private long commit;

    public PoolState State => state;

    /// <summary>The last record that was audited.</summary>
    public JournalHead Head { get; private set; } = head;

    /// <summary>Which answers' agreement the last record was decided by; null for none.</summary>
    public AgreementQuestion? Question { get; private set; }

    /// <summary>How many signed messages were audited.</summary>
    public long Messages => reader.Messages;

    /// <summary>The record; null when it can't be read or applied: what follows it can't be judged.</summary>
    public PoolRecord? Next(JournalRecord stored)
    {
        if (stored.Sequence != Head.Sequence + 1 || !stored.Previous.Span.SequenceEqual(Head.Hash.Span))
        {
            findings.Add(stored.Sequence, string.Create(CultureInfo.InvariantCulture, $"it does not follow record {Head.Sequence} with its hash"));
            return null;
        }

        if (reader.Read(stored) is not { } record)
        {
            return null;
        }

        if (record.At < state.At)
        {
            findings.Add(record.Sequence, string.Create(CultureInfo.InvariantCulture, $"its time {record.At} is before {state.At}, the time of the record before"));
        }

        CheckCommit(record);
        Decide(record);
        return Apply(record, stored) ? record : null;
    }

    // It begins with this record, or is that of the record before: what the first here follows is not known.
    private void CheckCommit(PoolRecord record)
    {
        if (record.Commit != record.Sequence && (commit == 0 ? record.Commit is < 1 || record.Commit > record.Sequence : record.Commit != commit))
        {
            findings.Add(record.Sequence, string.Create(CultureInfo.InvariantCulture, $"it became durable with record {record.Commit}, it says; the record before it with {commit}"));
        }

        commit = record.Commit;
    }

    private void Decide(PoolRecord record)
    {
        try
        {
            Compare(record, (decide ?? PoolMachine.Decide)(state, record.Input!, record.Facts, record.At));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Only a forged record can lead the rules there: a fact is missing, or what the input names does not exist.
            findings.Add(record.Sequence, $"its input can't be decided with its facts: {e.Message}");
        }
    }

    private void Compare(PoolRecord record, Decision decision)
    {
        if (decision.Kind != DecisionKind.Accepted)
        {
            findings.Add(record.Sequence, $"the rules do not accept its input: {decision.Refusal?.ToString() ?? decision.Kind.ToString()}");
            return;
        }

        var recorded = Text(record.Events);
        var decided = Text(decision.Events);
        if (recorded != decided)
        {
            findings.Add(record.Sequence, $"it holds the events {Brief(recorded)}; the rules decide {Brief(decided)}");
        }

        CheckOperations(record);
        CheckNeeded(record);
    }

    // What is published once an epoch is sealed is in the records that were decided by it, and in no other.
    private void CheckNeeded(PoolRecord record)
    {
        var rules = decide ?? PoolMachine.Decide;
        if (record is { Input: not DrawInput, Facts.Draw: not null } && rules(state, record.Input!, record.Facts with { Draw = null }, record.At).Kind != DecisionKind.NeedsDraw)
        {
            findings.Add(record.Sequence, "its facts hold the epoch's secret, which its decision does not need");
        }

        Question = record.Facts.Agreement is null ? null : rules(state, record.Input!, record.Facts with { Agreement = null }, record.At).Question;
        if (record.Facts.Agreement is not null && Question is null)
        {
            findings.Add(record.Sequence, "its facts hold an agreement of outputs, which its decision does not need");
        }
    }

    // The rules take a settlement as it is found; whom operations are paid as is a setting, and recorded.
    private void CheckOperations(PoolRecord record)
    {
        if (record is { Input: SettledInput, Facts.Settlement: { } settlement }
            && state.Settings is { } settings && settlement.OperationsPayee != new Payee(settings.OperationsName, settings.OperationsAddress))
        {
            findings.Add(
                record.Sequence,
                $"it pays operations as {SettlementRules.Shown(settlement.OperationsPayee)}; by its settings the pool pays {settings.OperationsName} ({settings.OperationsAddress})");
        }
    }

    private bool Apply(PoolRecord record, JournalRecord stored)
    {
        try
        {
            state.Apply(record.Sequence, record.At, record.Events);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            findings.Add(record.Sequence, $"its events can't be applied: {e.Message}");
            return false;
        }

        Head = new JournalHead(stored.Sequence, stored.Hash);
        return true;
    }

    // Both sides of a comparison are to be seen.
    private static string Brief(string events) => events.Length <= MostOfEvents ? events : events[..MostOfEvents] + "…";

    private static string Text(IReadOnlyList<PoolEvent> events) => JsonSerializer.Serialize(events, PoolJson.Default.IReadOnlyListPoolEvent);
}
