using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Replay;

/// <summary>
/// The state that a journal leads to: its newest copy, if it can be used, and the events of the records after it. What the pool has
/// not signed is judged again by whoever is to lead.
/// </summary>
internal static class JournalReplay
{
    /// <param name="Replayed">How many records were applied; the rest were in the copy.</param>
    public sealed record Result(PoolState State, JournalHead Head, long Replayed);

    /// <param name="journal">The journal.</param>
    /// <param name="ahead">Where records are read and decoded while those before them are applied.</param>
    /// <param name="logger">Is told why a copy can't be used.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="seal">Tells the pool's own copies; null takes any, for who only looks.</param>
    /// <param name="tail">Judges again what the pool has not signed; null judges nothing, for who only looks.</param>
    public static async ValueTask<Result> RestoreAsync(
        IPoolJournal journal, TaskScheduler ahead, ILogger logger, CancellationToken cancellationToken, CopySeal? seal = null, UnsignedTail? tail = null)
    {
        var (state, copied) = await FromCopyAsync(journal, seal, logger, cancellationToken);
        var (head, replayed) = await AdvanceAsync(journal, state, copied, ahead, null, cancellationToken, tail);
        return new Result(state, head, replayed);
    }

    /// <summary>
    /// Applies to a state at <paramref name="head"/> the records after it, each checked to follow the one before; <paramref name="applied"/>
    /// is told of them as they are.
    /// </summary>
    public static async ValueTask<(JournalHead Head, long Applied)> AdvanceAsync(
        IPoolJournal journal,
        PoolState state,
        JournalHead head,
        TaskScheduler ahead,
        Action<IReadOnlyList<StoredRecord>>? applied,
        CancellationToken cancellationToken,
        UnsignedTail? tail = null)
    {
        long count = 0;
        await foreach (var chunk in RecordsAhead.ReadAsync(journal, state.Sequence + 1, ahead, cancellationToken))
        {
            foreach (var (record, stored) in chunk)
            {
                CheckFollows(journal, head, stored);
                if (tail?.Covers(stored) == true)
                {
                    tail.Decide(state, head, stored);
                }
                else
                {
                    state.Apply(record.Sequence, record.At, record.Events);
                }

                head = new JournalHead(stored.Sequence, stored.Hash);
                count++;
            }

            applied?.Invoke(chunk);
        }

        return (head, count);
    }

    /// <exception cref="SwarmPoolException">SP4003: the record does not follow the one at the head.</exception>
    public static void CheckFollows(IPoolJournal journal, JournalHead head, JournalRecord stored)
    {
        if (stored.Sequence != head.Sequence + 1 || !stored.Previous.Span.SequenceEqual(head.Hash.Span))
        {
            throw new SwarmPoolException(ErrorCodes.JournalDamaged, string.Create(
                CultureInfo.InvariantCulture,
                $"Record {stored.Sequence} of {journal.Location} does not follow record {head.Sequence}. Restore the journal from a backup."));
        }
    }

    // The copy is only a cache: whatever is wrong with it, the journal itself decides.
    private static async ValueTask<(PoolState State, JournalHead Head)> FromCopyAsync(
        IPoolJournal journal, CopySeal? seal, ILogger logger, CancellationToken cancellationToken)
    {
        if (await journal.LoadSnapshotAsync(cancellationToken) is not { } copy)
        {
            return (new PoolState(), JournalHead.Empty);
        }

        // Who can write the store can write a copy, of whatever it says.
        var (state, why) = seal is null || await seal.IsOursAsync(copy, cancellationToken) ? Read(copy) : (null, "no key of the pool's has signed it");
        if (state is not null && await HoldsAsync(journal, copy, cancellationToken))
        {
            return (state, new JournalHead(copy.Sequence, copy.Hash));
        }

        DaemonLog.CopyNotUsed(logger, copy.Sequence, why ?? "the journal does not hold the record that it was made at");
        return (new PoolState(), JournalHead.Empty);
    }

    private static (PoolState? State, string? Why) Read(StateSnapshot copy)
    {
        var (format, body) = CopySeal.Open(copy);
        if (!StateCodec.Reads(format))
        {
            return (null, $"its format '{copy.Format}' is none that this program reads, with a signature or without");
        }

        try
        {
            var state = StateCodec.Decode(body.Span);
            return state.Sequence == copy.Sequence ? (state, null) : (null, $"it is of record {state.Sequence}");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException)
        {
            return (null, e.Message);
        }
    }

    private static async ValueTask<bool> HoldsAsync(IPoolJournal journal, StateSnapshot copy, CancellationToken cancellationToken)
    {
        await foreach (var record in journal.ReadAsync(copy.Sequence, cancellationToken))
        {
            return record.Sequence == copy.Sequence && record.Hash.Span.SequenceEqual(copy.Hash.Span);
        }

        return false;
    }
}
