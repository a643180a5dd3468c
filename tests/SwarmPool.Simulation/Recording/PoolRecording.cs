using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Content;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Recording;

/// <summary>A run as a recording: its journal, and what the journal led to.</summary>
internal sealed class PoolRecording(IReadOnlyList<JournalRecord> records, PoolOutput output)
{
    private const int RecordsPerHash = 10;
    private const int AnswersPerType = 8;

    /// <summary>The bodies of the records, in order.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Records => records.Select(record => record.Body);

    /// <summary>
    /// What the pool said that is no function of its journal alone: states, which have the time and who is online in them, and of each type
    /// the first answers without a record. A message is its topic, a space, and its bytes.
    /// </summary>
    public IEnumerable<ReadOnlyMemory<byte>> Messages()
    {
        var answers = new Dictionary<string, int>();
        foreach (var (topic, payload) in output.Said)
        {
            var said = output.Read(payload);
            if (!IsOfRecords(said) && (said.Body is not Announcement || (answers[topic] = answers.GetValueOrDefault(topic) + 1) <= AnswersPerType))
            {
                yield return (byte[])[.. Encoding.UTF8.GetBytes(topic + " "), .. said.Bytes.Span];
            }
        }
    }

    /// <summary>Line by line what the same records have to lead to again.</summary>
    public IEnumerable<string> Facts() => [.. Hashes(), .. Epochs(), .. Announcements(), .. Pages(), .. Contents()];

    private static bool IsOfRecords(SignedSnapshot said) => said.Body is Announcement { ToSequence: > 0 };

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);

    private IEnumerable<string> Hashes()
    {
        var state = new PoolState();
        foreach (var stored in records)
        {
            var record = RecordCodec.Decode(stored, withInput: false);
            state.Apply(record.Sequence, record.At, record.Events);
            if (record.Sequence % RecordsPerHash == 0 || record.Sequence == records.Count)
            {
                yield return Line($"state {record.Sequence} {StateHash.Of(state)}");
            }
        }
    }

    private IEnumerable<string> Epochs()
    {
        foreach (var (epoch, cid) in SealedEpochs())
        {
            yield return Line($"epoch {epoch.Number} {cid} {epoch.PayoutRoot} {epoch.MerkleRoot} {epoch.JournalRoot} {epoch.OpeningState}");
        }
    }

    private IEnumerable<string> Announcements() => output.Said
        .Where(said => IsOfRecords(output.Read(said.Payload)))
        .Select(said => $"announcement {said.Topic} {Convert.ToHexStringLower(SHA256.HashData(said.Payload).AsSpan(0, 16))}");

    private IEnumerable<string> Pages()
    {
        var roots = output.Said.Select(said => output.Read(said.Payload).Body).OfType<PoolStateSnapshot>()
            .SelectMany(state => state.PendingJobs.Concat(state.ClaimedJobs).Concat(state.ActiveMiners))
            .Concat(SealedEpochs().SelectMany(e => e.Epoch.Proofs.Concat(e.Epoch.Settlements.Miners).Concat(e.Epoch.Journal)));
        return roots.Distinct().SelectMany(Below).Distinct().Select(cid => cid.ToString()).Order(StringComparer.Ordinal).Select(cid => $"page {cid}");
    }

    // What the pool stores before it decides, for everybody to fetch: a daemon may die before it stores anything else.
    private IEnumerable<string> Contents() => records
        .Select(stored => RecordCodec.Decode(stored, withInput: true).Input)
        .OfType<MessageInput>()
        .Where(message => message.Snapshot.Body is JobSnapshot or ProofSnapshot)
        .Select(message => output.Stored.Contains(message.Snapshot.Cid)
            ? $"content {message.Snapshot.Cid}"
            : throw new InvalidOperationException($"The pool recorded {message.Snapshot}, and never stored it."));

    private IEnumerable<(EpochSnapshot Epoch, Cid Cid)> SealedEpochs() => records
        .SelectMany(stored => RecordCodec.Decode(stored, withInput: false).Events)
        .OfType<EpochSealed>()
        .Select(done => ((EpochSnapshot)output.Read(done.Cid).Body, done.Cid));

    private IEnumerable<Cid> Below(Cid page) =>
        PageTree.TryReadIndex(output.ContentOf(page), out var named) ? named.SelectMany(Below).Prepend(page) : [page];
}
