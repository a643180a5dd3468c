using System.Security.Cryptography;
using System.Text;
using SwarmPool.State;

namespace SwarmPool.Plugins.Embedded.Tests.Journal;

/// <summary>Makes chains of records and reads them back.</summary>
internal static class Records
{
    public const string Pool = "swarmpool.eth";

    public static List<JournalRecord> After(JournalHead head, int count, string salt = "")
    {
        var records = new List<JournalRecord>();
        var previous = head.Hash;
        for (var i = 1; i <= count; i++)
        {
            var sequence = head.Sequence + i;
            var body = Encoding.UTF8.GetBytes($$"""{"previous":"{{Convert.ToHexStringLower(previous.Span)}}","salt":"{{salt}}","sequence":{{sequence}}}""");
            var hash = SHA256.HashData(body);
            records.Add(new JournalRecord(sequence, previous, hash, body));
            previous = hash;
        }

        return records;
    }

    public static async Task<List<JournalRecord>> AllAsync(IPoolJournal journal, long from = 1)
    {
        var all = new List<JournalRecord>();
        await foreach (var record in journal.ReadAsync(from, default))
        {
            all.Add(record);
        }

        return all;
    }

    public static ValueTask<JournalLease> AcquireAsync(this IPoolJournal journal, string owner = "test") =>
        journal.AcquireAsync(Pool, owner, TimeSpan.FromSeconds(30), default);
}
