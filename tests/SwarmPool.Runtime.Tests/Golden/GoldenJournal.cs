using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Pool.Records;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Golden;

/// <summary>
/// A journal that was made when its rules were new, a record a line, and what it led to then. It leads to the same for ever:
/// these files are added to, by a new rules number, and never made again.
/// </summary>
internal sealed record GoldenJournal(IReadOnlyList<JournalRecord> Records, GoldenFacts Facts)
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The rules that there are golden journals of.</summary>
    public static IEnumerable<int> Known => Directory.EnumerateFiles(Folder, "rules-*.ndjson")
        .Select(file => int.Parse(Path.GetFileNameWithoutExtension(file)["rules-".Length..], CultureInfo.InvariantCulture));

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    public static async Task<GoldenJournal> ReadAsync(int rules)
    {
        var records = new List<JournalRecord>();
        foreach (var line in await File.ReadAllLinesAsync(FileOf(Folder, rules, "ndjson")))
        {
            var body = Encoding.UTF8.GetBytes(line);
            records.Add(new JournalRecord(
                records.Count + 1, records.Count == 0 ? JournalHead.Empty.Hash : records[^1].Hash, SHA256.HashData(body), body));
        }

        return new GoldenJournal(records, JsonSerializer.Deserialize<GoldenFacts>(await File.ReadAllTextAsync(FileOf(Folder, rules, "json")), Form)!);
    }

    /// <summary>Writes a new one. One that is there is left as it is: to change it would be to forget what the old rules decided.</summary>
    public static async Task WriteAsync(string folder, int rules, IReadOnlyList<JournalRecord> records)
    {
        await using (var file = new FileStream(FileOf(folder, rules, "ndjson"), FileMode.CreateNew))
        {
            foreach (var record in records)
            {
                await file.WriteAsync(record.Body);
                file.WriteByte((byte)'\n');
            }
        }

        var (state, epochs) = await ApplyAsync(records);
        var facts = new GoldenFacts(records.Count, Convert.ToHexStringLower(records[^1].Hash.Span), StateHash.Of(state), [.. epochs.Select(e => e.ToString())]);
        await File.WriteAllTextAsync(FileOf(folder, rules, "json"), JsonSerializer.Serialize(facts, Form) + "\n");
    }

    /// <summary>Applies the records' events, and makes each sealed epoch's snapshot anew on the way.</summary>
    public static async Task<(PoolState State, IReadOnlyList<Cid> Epochs)> ApplyAsync(IReadOnlyList<JournalRecord> records)
    {
        var (state, epochs, journal) = (new PoolState(), new List<Cid>(), new ListJournal(records));
        foreach (var stored in records)
        {
            var record = RecordCodec.Decode(stored, withInput: false);
            if (record.Events.OfType<EpochSealed>().Any())
            {
                epochs.Add(await SealedAsAsync(journal, state));
            }

            state.Apply(record.Sequence, record.At, record.Events);
        }

        return (state, epochs);
    }

    /// <summary>The CID of the snapshot of the epoch that is next to be sealed.</summary>
    public static async Task<Cid> SealedAsAsync(IPoolJournal journal, PoolState state)
    {
        var writer = new EpochWriter(journal, new MemoryTransport(new MemoryNet()), Messages.Pool, "local", TestKeys.Of(Messages.Pool));
        return (await writer.WriteAsync(state.Epochs.Closed[0].Copy(), state.Epochs.LastSealed, CancellationToken.None)).Snapshot.Cid;
    }

    private static string FileOf(string folder, int rules, string kind) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"rules-{rules}.{kind}"));
}

/// <summary>What a golden journal led to when it was made.</summary>
/// <param name="Records">How many records it has.</param>
/// <param name="Head">The last record's hash, hex.</param>
/// <param name="State">The hash of the state after it, hex.</param>
/// <param name="Epochs">The CIDs of the snapshots of its sealed epochs.</param>
internal sealed record GoldenFacts(int Records, string Head, string State, IReadOnlyList<string> Epochs);
