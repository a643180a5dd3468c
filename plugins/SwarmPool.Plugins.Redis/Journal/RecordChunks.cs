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
    public const int AskedAgain = 5;

    private const int MostRecords = 256;
    private const int MostBytes = 64 * 1024;
    private const int HashBytes = 32;
    private static readonly RedisValue Previous = "previous";

    /// <summary>The append script's arguments for a batch of at least one record, which is looked over first.</summary>
    /// <exception cref="JournalException">The records don't follow each other, or one does not match its hash.</exception>
    public static RedisValue[] Arguments(string location, long fence, IReadOnlyList<JournalRecord> batch)
    {
        CheckChain(location, batch);
        var (first, last) = (batch[0], batch[^1]);
        var arguments = new List<RedisValue>((batch.Count * 2) + 16) { fence, first.Sequence, first.Previous, last.Sequence, last.Hash, 0 };
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
    /// <exception cref="JournalException">It is none.</exception>
    public static List<JournalRecord> Read(string location, StreamEntry entry)
    {
        var fields = entry.Values;
        if (!TryLast(entry.Id, out var last) || fields.Length < 2 || fields[0].Name != Previous || last < fields.Length - 1)
        {
            throw JournalErrors.Damaged(location, $"the entry {entry.Id} of its stream is no chunk of records");
        }

        var records = new List<JournalRecord>(fields.Length - 1);
        ReadOnlyMemory<byte> previous = fields[0].Value;
        var sequence = last - (fields.Length - 1);
        foreach (var field in fields.AsSpan(1))
        {
            ReadOnlyMemory<byte> hash = field.Name;
            records.Add(new JournalRecord(++sequence, previous, hash, field.Value));
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
            bytes += batch[end++].Body.Length;
        }
        while (end < batch.Count && end - begin < MostRecords && bytes + batch[end].Body.Length <= MostBytes);
        return end;
    }

    private static bool TryLast(RedisValue id, out long last)
    {
        last = 0;
        var text = (string?)id ?? "";
        return text.EndsWith("-0", StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(0, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out last);
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
