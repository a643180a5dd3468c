using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Replay;

/// <summary>
/// Reads a journal, checks and decodes its records ahead of whoever applies them: on a scheduler with more than one core the
/// two go on at once. So much ahead and no more, so that a long journal is never in memory.
/// </summary>
internal static class RecordsAhead
{
    private const int ChunkLength = 256;
    private const int ChunksAhead = 8;

    /// <summary>The records from a sequence on, in order, without their inputs.</summary>
    /// <param name="journal">Where from.</param>
    /// <param name="fromSequence">The first.</param>
    /// <param name="scheduler">Where they are read and decoded.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async IAsyncEnumerable<IReadOnlyList<StoredRecord>> ReadAsync(
        IPoolJournal journal, long fromSequence, TaskScheduler scheduler, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chunks = Channel.CreateBounded<List<StoredRecord>>(new BoundedChannelOptions(ChunksAhead) { SingleReader = true, SingleWriter = true });
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Loops.Start(scheduler, () => FillAsync(journal, fromSequence, chunks.Writer, life.Token));
        try
        {
            await foreach (var chunk in chunks.Reader.ReadAllAsync(cancellationToken))
            {
                yield return chunk;
            }
        }
        finally
        {
            // Whoever leaves early must not leave the journal being read; what went wrong there was told by the channel.
            await life.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private static async Task FillAsync(IPoolJournal journal, long fromSequence, ChannelWriter<List<StoredRecord>> chunks, CancellationToken cancellationToken)
    {
        try
        {
            var texts = new StringInterner();
            var chunk = new List<StoredRecord>(ChunkLength);
            await foreach (var stored in journal.ReadAsync(fromSequence, cancellationToken))
            {
                chunk.Add(new StoredRecord(RecordCodec.Decode(stored, withInput: false, texts), stored));
                if (chunk.Count == ChunkLength)
                {
                    await chunks.WriteAsync(chunk, cancellationToken);
                    chunk = new List<StoredRecord>(ChunkLength);
                }
            }

            await chunks.WriteAsync(chunk, cancellationToken);
            chunks.TryComplete();
        }
        catch (Exception e)
        {
            chunks.TryComplete(e); // Thrown to the reader of the channel, behind the records that were right.
        }
    }
}
