using System.Globalization;
using Microsoft.Extensions.Logging;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Leadership;

/// <summary>
/// The pool's state as the journal has it, brought up to the head again and again: the first time from the newest copy, then by
/// what has come since. So whoever takes the lead applies the tail and not the journal.
/// </summary>
/// <param name="journal">The journal.</param>
/// <param name="ahead">Where records are read and decoded while those before them are applied.</param>
/// <param name="logger">Is told why a copy can't be used.</param>
/// <param name="seal">Tells the pool's own copies; null takes any.</param>
/// <param name="tail">Judges again what the pool has not signed, as it comes; null judges nothing.</param>
internal sealed class FollowerState(IPoolJournal journal, TaskScheduler ahead, ILogger logger, CopySeal? seal = null, UnsignedTail? tail = null)
{
    private PoolState? state;

    public PoolState State => state ?? throw new InvalidOperationException("Nothing was read yet.");

    public JournalHead Head { get; private set; } = JournalHead.Empty;

    /// <summary>Records applied the last time.</summary>
    public long Applied { get; private set; }

    /// <summary>Applies what the journal holds at the time of the call. Needs no lease.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="applied">Is told of the records that came since the time before, as they have been applied; may be null.</param>
    /// <exception cref="SwarmPoolException">SP4003: the records don't chain, or some that were applied are gone.</exception>
    public async ValueTask CatchUpAsync(CancellationToken cancellationToken, Action<IReadOnlyList<StoredRecord>>? applied = null)
    {
        if (state is null)
        {
            (state, Head, Applied) = await JournalReplay.RestoreAsync(journal, ahead, logger, cancellationToken, seal, tail);
            return;
        }

        var end = await journal.HeadAsync(cancellationToken);
        Applied = 0;
        if (end.Sequence > Head.Sequence)
        {
            (Head, Applied) = await JournalReplay.AdvanceAsync(journal, state, Head, ahead, applied, cancellationToken, tail);
        }
        else if (end.Sequence < Head.Sequence || !end.Hash.Span.SequenceEqual(Head.Hash.Span))
        {
            throw new SwarmPoolException(ErrorCodes.JournalDamaged, string.Create(
                CultureInfo.InvariantCulture,
                $"The journal {journal.Location} ends at record {end.Sequence} and no longer holds record {Head.Sequence} as it was applied here: its store has lost what it had answered. Find out how before any daemon leads; then start this one again."));
        }
    }
}
