using Microsoft.Extensions.Logging;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Announcing;

/// <summary>
/// What was decided before a crash and not said, commit by commit, to be said in the bytes that it would have had. It is read before anything
/// new is decided, since that changes the state, and said after: a new term does not wait until an old one's words are out.
/// </summary>
internal static class Outbox
{
    public static async ValueTask<IReadOnlyList<Commit>> ReadAsync(IPoolJournal journal, PoolState state, JournalHead head, ILogger logger, CancellationToken cancellationToken)
    {
        var from = await journal.LoadCursorAsync(Announcer.Cursor, cancellationToken) + 1;
        var commits = new List<Commit>();
        var first = -1L;
        await foreach (var stored in CheckedRecords.ReadAsync(journal, from, head, cancellationToken))
        {
            var record = RecordCodec.Decode(stored, withInput: false);
            if (record.Commit != first)
            {
                DaemonLog.AnnouncingAgain(logger, record.Sequence);
                first = record.Commit;
                commits.Add(new Commit(first, 0, default, 0, new AnnouncementBatch()));
            }

            commits[^1].Announcements.Add(record, state);
            commits[^1] = commits[^1] with { ToSequence = stored.Sequence, Head = stored.Hash, At = record.At };
        }

        return commits;
    }
}

/// <summary>What became durable in one step.</summary>
internal sealed record Commit(long FromSequence, long ToSequence, ReadOnlyMemory<byte> Head, long At, AnnouncementBatch Announcements);
