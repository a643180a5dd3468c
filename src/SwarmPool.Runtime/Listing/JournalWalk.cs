using System.Runtime.CompilerServices;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.State;

namespace SwarmPool.Runtime.Listing;

/// <summary>A journal from its first record on, for who only looks: it takes no lease, so a daemon may write meanwhile.</summary>
internal static class JournalWalk
{
    /// <summary>The records in order, without their inputs, each checked to follow the one before.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="progress">Is told how many were read; null: nobody is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">SP4003: they don't follow each other.</exception>
    public static async IAsyncEnumerable<StoredRecord> ReadAsync(
        IPoolJournal journal, IProgress<long>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var head = JournalHead.Empty;
        await foreach (var chunk in RecordsAhead.ReadAsync(journal, 1, TaskScheduler.Current, cancellationToken))
        {
            foreach (var one in chunk)
            {
                JournalReplay.CheckFollows(journal, head, one.Stored);
                head = new JournalHead(one.Stored.Sequence, one.Stored.Hash);
                yield return one;
            }

            progress?.Report(head.Sequence);
        }
    }
}
