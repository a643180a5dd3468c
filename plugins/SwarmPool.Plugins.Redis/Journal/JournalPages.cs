using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.State;

namespace SwarmPool.Plugins.Redis.Journal;

/// <summary>
/// Reads a journal from its primary, page by page, checking on the way that each record follows the one before it. That its bytes match
/// its hash is for whoever decodes them to check.
/// </summary>
internal sealed class JournalPages(ServerLink link, PoolKeys keys, string location)
{
    // What a page weighs: enough that the way to the server does not count, little enough that nobody waits behind it.
    private const int PageBytes = 1024 * 1024;
    private const int FirstPage = 16;
    private const int LongestPage = 4096;

    /// <exception cref="JournalException">There is no journal, or it can't be read.</exception>
    public async Task<JournalHead> HeadAsync(CancellationToken cancellationToken)
    {
        var head = await JournalErrors.NamedAsync(
            location,
            "reading its head",
            () => link.CallAsync((database, _) => database.HashGetAsync(keys.Head, ["sequence", "hash", "format"], CommandFlags.DemandMaster), cancellationToken));
        if (head[0].IsNull)
        {
            throw JournalErrors.Missing(location);
        }

        return head[2] == JournalCalls.Format
            ? new JournalHead((long)head[0], (ReadOnlyMemory<byte>)head[1])
            : throw JournalErrors.Damaged(location, $"it has format {head[2]}, and this version reads {JournalCalls.Format}: use the version that wrote it");
    }

    /// <summary>The records from a sequence on, up to the head at the time of the call.</summary>
    public async IAsyncEnumerable<JournalRecord> ReadAsync(long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var head = await HeadAsync(cancellationToken);
        var next = from;
        ReadOnlyMemory<byte>? previous = null;
        for (var size = FirstPage; next <= head.Sequence;)
        {
            var page = await PageAsync(next, head.Sequence, size, cancellationToken);
            var (start, bytes) = (next, 0L);
            foreach (var record in page.SelectMany(entry => RecordChunks.Read(location, entry)))
            {
                bytes += record.Body.Length;
                if (record.Sequence < next)
                {
                    continue; // The first page's first chunk begins before what was asked for.
                }

                if (record.Sequence != next || (previous is { } last && !record.Previous.Span.SequenceEqual(last.Span)))
                {
                    throw JournalErrors.Damaged(location, $"record {next} {(record.Sequence == next ? "does not follow the one before it" : "is missing")}");
                }

                cancellationToken.ThrowIfCancellationRequested();
                yield return record;
                (previous, next) = (record.Hash, next + 1);
            }

            if (next == start)
            {
                throw JournalErrors.Damaged(location, $"record {next} is missing");
            }

            size = (int)Math.Clamp(size * (double)PageBytes / Math.Max(1, bytes), Math.Max(1, size / 8), Math.Min(LongestPage, size * 8));
        }
    }

    /// <summary>Sees that the last record is whole, before anybody writes after it.</summary>
    /// <exception cref="JournalException">It is not.</exception>
    public async Task CheckTailAsync(CancellationToken cancellationToken)
    {
        var last = await JournalErrors.NamedAsync(
            location,
            "reading its last record",
            () => link.CallAsync((database, _) => database.StreamRangeAsync(keys.Records, "-", "+", 1, Order.Descending, CommandFlags.DemandMaster), cancellationToken));
        if (last.Length > 0 && RecordChunks.Read(location, last[0])[^1] is var record && !SHA256.HashData(record.Body.Span).AsSpan().SequenceEqual(record.Hash.Span))
        {
            throw JournalErrors.Damaged(location, $"record {record.Sequence} (the last) does not match its hash");
        }
    }

    private Task<StreamEntry[]> PageAsync(long from, long to, int entries, CancellationToken cancellationToken) => JournalErrors.NamedAsync(
        location,
        "reading",
        () => link.CallAsync(
            (database, _) => database.StreamRangeAsync(keys.Records, PoolKeys.ChunkId(from), PoolKeys.ChunkId(to), entries, Order.Ascending, CommandFlags.DemandMaster),
            cancellationToken));
}
