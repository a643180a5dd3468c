using System.Globalization;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Pool.Records;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon;

/// <summary>
/// The state that a journal leads to: its newest snapshot, if it can be used, and the events of the records after it.
/// Nothing is judged again.
/// </summary>
internal static class JournalReplay
{
    /// <param name="Replayed">How many records were applied; the rest were in the snapshot.</param>
    public sealed record Result(PoolState State, JournalHead Head, long Replayed);

    public static async ValueTask<Result> RestoreAsync(IPoolJournal journal, CancellationToken cancellationToken)
    {
        var (state, head) = await FromSnapshotAsync(journal, cancellationToken);
        long replayed = 0;
        await foreach (var stored in journal.ReadAsync(state.Sequence + 1, cancellationToken))
        {
            if (stored.Sequence != head.Sequence + 1 || !stored.Previous.Span.SequenceEqual(head.Hash.Span))
            {
                throw new SwarmPoolException(ErrorCodes.JournalDamaged, string.Create(
                    CultureInfo.InvariantCulture,
                    $"Record {stored.Sequence} of {journal.Location} does not follow record {head.Sequence}. Restore the journal from a backup."));
            }

            var record = RecordCodec.Decode(stored, withInput: false);
            state.Apply(record.Sequence, record.At, record.Events);
            head = new JournalHead(stored.Sequence, stored.Hash);
            replayed++;
        }

        return new Result(state, head, replayed);
    }

    private static async ValueTask<(PoolState State, JournalHead Head)> FromSnapshotAsync(IPoolJournal journal, CancellationToken cancellationToken)
    {
        var snapshot = await journal.LoadSnapshotAsync(cancellationToken);
        return snapshot?.Format == StateCodec.Format
            ? (StateCodec.Decode(snapshot.Body.Span), new JournalHead(snapshot.Sequence, snapshot.Hash))
            : (new PoolState(), JournalHead.Empty);
    }
}
