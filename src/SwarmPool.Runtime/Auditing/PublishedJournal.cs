using System.Globalization;
using System.Security.Cryptography;
using SwarmPool.Core.Auditing;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Auditing;

/// <summary>An epoch's journal records as its pages hold them: do they follow what came before, and lead to the root that the epoch names?</summary>
/// <param name="epoch">The epoch.</param>
/// <param name="previous">The hash that its first record has to follow.</param>
/// <param name="findings">Is told what differs.</param>
internal sealed class PublishedJournal(EpochSnapshot epoch, ReadOnlyMemory<byte> previous, AuditFindings findings)
{
    /// <summary>
    /// The records, each with the hash that its bytes give, as long as there may be any. Whoever finds one that can't be read stops:
    /// what would come after it means nothing.
    /// </summary>
    public async IAsyncEnumerable<JournalRecord> ReadAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> pages)
    {
        var head = new JournalHead(epoch.FromSequence - 1, previous);
        await foreach (var page in pages)
        {
            var before = head.Sequence;
            foreach (var range in Lines(page))
            {
                // Checked before anything is read, so that no pool can make a stranger read for ever.
                if (head.Sequence == epoch.ToSequence)
                {
                    findings.Add(Text($"the journal pages go on after record {epoch.ToSequence}, its last"));
                    yield break;
                }

                var body = page[range];
                var record = new JournalRecord(head.Sequence + 1, head.Hash, SHA256.HashData(body.Span), body);
                yield return record;
                head = new JournalHead(record.Sequence, record.Hash);
            }

            if (head.Sequence == before)
            {
                findings.Add("one of the journal pages holds no record");
                yield break;
            }
        }

        findings.Expect(head.Sequence == epoch.ToSequence, Text($"the journal pages end with record {head.Sequence}; the epoch ends with {epoch.ToSequence}"));
        var root = Convert.ToHexStringLower(head.Hash.Span);
        findings.Expect(root == epoch.JournalRoot, $"journal_root is {epoch.JournalRoot}; the pages give {root}");
    }

    private static IEnumerable<Range> Lines(ReadOnlyMemory<byte> page)
    {
        for (var start = 0; start < page.Length;)
        {
            var length = page.Span[start..].IndexOf((byte)'\n');
            var end = length < 0 ? page.Length : start + length;
            yield return start..end;
            start = end + 1;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
