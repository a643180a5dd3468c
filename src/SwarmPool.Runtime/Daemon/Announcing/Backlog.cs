using Microsoft.Extensions.Logging;
using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Pool.Records;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Announcing;

/// <summary>What was decided before a crash and not said: it is said now, commit by commit, in the bytes that it would have had.</summary>
internal static class Backlog
{
    public static async ValueTask AnnounceAsync(
        IPoolJournal journal, PoolState state, Announcer announcer, ILogger logger, CancellationToken cancellationToken)
    {
        var from = await journal.LoadCursorAsync(Announcer.Cursor, cancellationToken) + 1;
        Commit? commit = null;
        long first = 0;
        await foreach (var stored in journal.ReadAsync(from, cancellationToken))
        {
            var record = RecordCodec.Decode(stored, withInput: false);
            if (commit is not null && record.Commit != first)
            {
                await announcer.AnnounceAsync(commit, cancellationToken);
                commit = null;
            }

            if (commit is null)
            {
                DaemonLog.AnnouncingAgain(logger, record.Sequence);
                first = record.Commit;
                commit = new Commit(first, 0, default, 0, new NoticeList());
            }

            commit.Notices.Add(record, state);
            commit = commit with { ToSequence = stored.Sequence, Head = stored.Hash, At = record.At };
        }

        if (commit is not null)
        {
            await announcer.AnnounceAsync(commit, cancellationToken);
        }
    }
}
