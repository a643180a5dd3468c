using System.Security.Cryptography;
using System.Text;
using SwarmPool.State;

namespace SwarmPool.Testing.Journal;

/// <summary>Makes chains of records and reads them back.</summary>
public static class JournalChains
{
    /// <summary>Records that follow a head.</summary>
    /// <param name="head">What they follow.</param>
    /// <param name="count">How many; 0 or more.</param>
    /// <param name="salt">Makes two chains after one head differ; part of each body.</param>
    /// <param name="bodyBytes">The least size of a body in bytes; a body is filled up to it.</param>
    public static List<JournalRecord> After(JournalHead head, int count, string salt = "", int bodyBytes = 0)
    {
        ArgumentNullException.ThrowIfNull(head);
        var records = new List<JournalRecord>();
        var previous = head.Hash;
        for (var i = 1; i <= count; i++)
        {
            var sequence = head.Sequence + i;
            var text = $$"""{"previous":"{{Convert.ToHexStringLower(previous.Span)}}","salt":"{{salt}}","sequence":{{sequence}}}""";
            var body = Encoding.UTF8.GetBytes(text.PadRight(bodyBytes));
            var hash = SHA256.HashData(body);
            records.Add(new JournalRecord(sequence, previous, hash, body));
            previous = hash;
        }

        return records;
    }

    /// <summary>The head that a journal has after a batch.</summary>
    /// <param name="batch">At least one record.</param>
    public static JournalHead HeadOf(IReadOnlyList<JournalRecord> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new(batch[^1].Sequence, batch[^1].Hash);
    }

    /// <summary>All records of a journal from a sequence on.</summary>
    public static async Task<List<JournalRecord>> ReadAsync(IPoolJournal journal, long from = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var all = new List<JournalRecord>();
        await foreach (var record in journal.ReadAsync(from, cancellationToken))
        {
            all.Add(record);
        }

        return all;
    }
}
