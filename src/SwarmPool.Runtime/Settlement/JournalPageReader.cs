using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Pool.Records;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Settlement;

/// <summary>Reads an epoch's published journal records: do they chain up to the root that the epoch names, and what did they decide?</summary>
internal sealed class JournalPageReader(EpochSnapshot epoch, Func<IReadOnlyList<Cid>, IAsyncEnumerable<ReadOnlyMemory<byte>>> leaves)
{
    private readonly List<string> differences = [];
    private readonly List<EpochProofItem> decided = [];
    private ReadOnlyMemory<byte> hash;
    private SettlementFact? settledBefore;
    private long next = epoch.FromSequence;

    /// <param name="Decided">The paid proofs, in the order decided.</param>
    /// <param name="SettledBefore">How the epoch before was settled; null when that was not within this epoch.</param>
    public sealed record Result(IReadOnlyList<EpochProofItem> Decided, SettlementFact? SettledBefore, IReadOnlyList<string> Differences);

    public async Task<Result> ReadAsync()
    {
        await foreach (var page in leaves(epoch.Journal))
        {
            foreach (var range in Lines(page))
            {
                if (!Take(page[range]))
                {
                    return new Result(decided, settledBefore, differences);
                }
            }
        }

        if (next != epoch.ToSequence + 1)
        {
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"the journal pages end before record {next}; the epoch ends with {epoch.ToSequence}"));
        }

        if (Convert.ToHexStringLower(hash.Span) != epoch.JournalRoot)
        {
            differences.Add($"journal_root is {epoch.JournalRoot}; the pages give {Convert.ToHexStringLower(hash.Span)}");
        }

        return new Result(decided, settledBefore, differences);
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

    private bool Take(ReadOnlyMemory<byte> body)
    {
        try
        {
            // The first record's own word for its predecessor stands: the previous epoch's root is for its own audit.
            var previous = hash.IsEmpty ? PreviousOf(body) : hash;
            hash = SHA256.HashData(body.Span);
            var stored = new JournalRecord(next, previous, hash, body);
            var record = RecordCodec.Decode(stored, withInput: false);
            decided.AddRange(record.Events.OfType<JobDecided>().SelectMany(job => Items(job, record.At)));
            settledBefore ??= EpochRecords.SettlementOf(epoch.Number - 1, record, stored);

            next++;
            return true;
        }
        catch (Exception broken) when (broken is SwarmPoolException or JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"journal record {next}: {broken.Message}"));
            return false;
        }
    }

    private static IEnumerable<EpochProofItem> Items(JobDecided job, long at) => job.Parts.Select(part => EpochItems.ProofItem(
        new LedgerEntry(job.Cid, part.ProofCid, new Payee(part.Miner, part.Payee), part.Mode, part.Price, at)));

    private static byte[] PreviousOf(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
        return Convert.FromHexString(document.RootElement.GetProperty("previous").GetString()!);
    }
}
