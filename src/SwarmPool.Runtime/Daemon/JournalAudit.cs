using System.Globalization;
using System.Text.Json;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Pool.Records;
using SwarmPool.Runtime.Signatures;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon;

/// <summary>
/// Decides everything in a journal again, from its recorded inputs and facts, and compares: the chain of hashes, the
/// events, and that every recorded message was signed by the account that the facts name.
/// </summary>
internal static class JournalAudit
{
    /// <summary>The most differences that are listed; the audit goes on counting.</summary>
    public const int MaxListed = 100;

    public static async Task<AuditReport> RunAsync(IPoolJournal journal, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var run = new Run(SignatureEngines.Best);
        await foreach (var stored in journal.ReadAsync(1, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!run.Next(stored))
            {
                break;
            }

            progress?.Report(stored.Sequence);
        }

        return run.Report();
    }

    private sealed class Run(ISignatureEngine engine)
    {
        private readonly PoolState state = new();
        private readonly List<AuditDifference> listed = [];
        private JournalHead head = JournalHead.Empty;
        private long differences;
        private long messages;

        /// <summary>False when a record can't be read: what follows it can't be judged.</summary>
        public bool Next(JournalRecord stored)
        {
            if (stored.Sequence != head.Sequence + 1 || !stored.Previous.Span.SequenceEqual(head.Hash.Span))
            {
                Differ(stored.Sequence, string.Create(CultureInfo.InvariantCulture, $"it does not follow record {head.Sequence} with its hash"));
                return false;
            }

            PoolRecord record;
            try
            {
                record = RecordCodec.Decode(stored, withInput: true);
            }
            catch (SwarmPoolException e)
            {
                Differ(stored.Sequence, e.Message);
                return false;
            }

            Check(record);
            return Apply(record, stored);
        }

        public AuditReport Report() => new(head.Sequence, messages, differences, listed, StateHash.Of(state));

        private void Check(PoolRecord record)
        {
            if (record.At < state.At)
            {
                Differ(record.Sequence, string.Create(CultureInfo.InvariantCulture, $"its time {record.At} is before {state.At}, the time of the record before"));
            }

            if (record.Input is MessageInput message)
            {
                messages++;
                CheckSignature(record, message.Snapshot);
            }

            try
            {
                Compare(record, PoolMachine.Decide(state, record.Input!, record.Facts, record.At));
            }
            catch (Exception e) when (e is NullReferenceException or InvalidOperationException or KeyNotFoundException or ArgumentException)
            {
                // Only a forged record can lead the rules there: a fact is missing, or what the input names does not exist.
                Differ(record.Sequence, $"its input can't be decided with its facts: {e.Message}");
            }
        }

        private void CheckSignature(PoolRecord record, SignedSnapshot snapshot)
        {
            if (record.Facts.Signer is not { } signer)
            {
                Differ(record.Sequence, $"it does not say who signed its {snapshot.Body.Type}");
            }
            else if (signer.ByContract == true)
            {
                // What a contract said at that block is a fact like what the name resolved to: it needs the chain to check.
                if (!SnapshotSignature.TryReadForContract(snapshot, out _, out _))
                {
                    Differ(record.Sequence, $"its {snapshot.Body.Type} can't have been taken by the contract {signer.Account}");
                }
            }
            else if (!SnapshotSignature.TryRecover(snapshot, engine, out var account, out var refusal))
            {
                Differ(record.Sequence, $"its {snapshot.Body.Type} is not validly signed: {refusal}");
            }
            else if (account != signer.Account)
            {
                Differ(record.Sequence, $"its {snapshot.Body.Type} was signed by {account}, not by {signer.Account} as recorded");
            }
        }

        private void Compare(PoolRecord record, Decision decision)
        {
            if (decision.Kind != DecisionKind.Accepted)
            {
                Differ(record.Sequence, $"the rules do not accept its input: {decision.Refusal?.ToString() ?? decision.Kind.ToString()}");
                return;
            }

            var recorded = Text(record.Events);
            var decided = Text(decision.Events);
            if (recorded != decided)
            {
                Differ(record.Sequence, $"it holds the events {recorded}; the rules decide {decided}");
            }
        }

        private bool Apply(PoolRecord record, JournalRecord stored)
        {
            try
            {
                state.Apply(record.Sequence, record.At, record.Events);
            }
            catch (Exception e) when (e is NullReferenceException or InvalidOperationException or KeyNotFoundException or ArgumentException or OverflowException)
            {
                Differ(record.Sequence, $"its events can't be applied: {e.Message}");
                return false;
            }

            head = new JournalHead(stored.Sequence, stored.Hash);
            return true;
        }

        private void Differ(long sequence, string what)
        {
            differences++;
            if (listed.Count < MaxListed)
            {
                listed.Add(new AuditDifference(sequence, what));
            }
        }

        private static string Text(IReadOnlyList<PoolEvent> events) => JsonSerializer.Serialize(events, PoolJson.Default.IReadOnlyListPoolEvent);
    }
}
