using System.Globalization;
using System.Security.Cryptography;
using StackExchange.Redis;
using SwarmPool.State;

namespace SwarmPool.Plugins.Redis.Journal;

/// <summary>
/// A batch as chunks, and back: an entry of the stream holds up to so many records, is named by the last one's sequence, and has the
/// fields "previous" (the hash before its first record) and then, by their hashes, the bodies.
/// </summary>
internal static class RecordChunks
{
    /// <summary>Where the append script is told that it was asked before.</summary>
    public const int AskedAgain = 2;

    private const int MostRecords = 256;
    private const int HashBytes = 32;

    // With its hash and what the server adds a record takes so much more than its body; a chunk then just fits a block of 64 KiB of the
    // server's allocator, whose next size is 80.
    private const int RecordBytes = HashBytes + 16;
    private const int MostBytes = 63 * 1024;
    private static readonly RedisValue Previous = "previous";

    /// <summary>The append script's arguments for a batch of at least one record, which is looked over first.</summary>
    /// <exception cref="JournalException">The records don't follow each other, or one does not match its hash.</exception>
    public static RedisValue[] Arguments(string location, long fence, IReadOnlyList<JournalRecord> batch)
    {
        CheckChain(location, batch);
        var (first, last) = (batch[0], batch[^1]);
        var arguments = new List<RedisValue>((batch.Count * 2) + 16)
        {
            HeadFormat.Of(fence, first.Sequence - 1, first.Previous), HeadFormat.Of(fence, last.Sequence, last.Hash), 0,
        };
        for (var begin = 0; begin < batch.Count;)
        {
            var end = End(batch, begin);
            arguments.Add(batch[end - 1].Sequence);
            arguments.Add(((end - begin) * 2) + 2);
            arguments.Add(Previous);
            arguments.Add(batch[begin].Previous);
            for (; begin < end; begin++)
            {
                arguments.Add(batch[begin].Hash);
                arguments.Add(batch[begin].Body);
            }
        }

        return [.. arguments];
    }

    /// <summary>The records of a chunk, in order.</summary>
    /// <param name="location">Where the journal is.</param>
    /// <param name="entry">An entry of the stream: its id, and its fields and values in turns.</param>
    /// <exception cref="JournalException">It is not valid.</exception>
    public static List<JournalRecord> Read(string location, RedisResult entry)
    {
        var id = (string?)entry[0] ?? "";
        var fields = (RedisValue[])entry[1]!;
        var count = (fields.Length / 2) - 1;
        if (!TryLast(id, out var last) || count < 1 || fields[0] != Previous || last < count)
        {
            throw JournalErrors.Damaged(location, $"the entry {id} of its stream is not a chunk of records");
        }

        var records = new List<JournalRecord>(count);
        ReadOnlyMemory<byte> previous = fields[1];
        var sequence = last - count;
        for (var i = 2; i + 1 < fields.Length; i += 2)
        {
            ReadOnlyMemory<byte> hash = fields[i];
            records.Add(new JournalRecord(++sequence, previous, hash, fields[i + 1]));
            previous = hash;
        }

        return records;
    }

    private static int End(IReadOnlyList<JournalRecord> batch, int begin)
    {
        var bytes = 0;
        var end = begin;
        do
        {
            bytes += batch[end++].Body.Length + RecordBytes;
        }
        while (end < batch.Count && end - begin < MostRecords && bytes + batch[end].Body.Length + RecordBytes <= MostBytes);
        return end;
    }

    private static bool TryLast(string id, out long last)
    {
        last = 0;
        return id.EndsWith("-0", StringComparison.Ordinal)
            && long.TryParse(id.AsSpan(0, id.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out last);
    }

    private static void CheckChain(string location, IReadOnlyList<JournalRecord> batch)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        for (var i = 0; i < batch.Count; i++)
        {
            var record = batch[i];
            if (i > 0 && (record.Sequence != batch[i - 1].Sequence + 1 || !record.Previous.Span.SequenceEqual(batch[i - 1].Hash.Span)))
            {
                throw new JournalException(
                    JournalFault.NotNext, $"Record {record.Sequence} does not follow record {batch[i - 1].Sequence} of its own batch; nothing was appended to the journal {location}.");
            }

            SHA256.HashData(record.Body.Span, hash);
            if (!hash.SequenceEqual(record.Hash.Span))
            {
                throw new JournalException(JournalFault.Damaged, $"Record {record.Sequence} does not match its own hash; nothing was appended to the journal {location}.");
            }
        }
    }
}
