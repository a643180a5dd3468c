using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Golden;

/// <summary>
/// A journal that was made when its rules were new, a record a line, and what it led to then. It leads to the same for ever:
/// these files are added to, by a new rules number or a new story, and never made again.
/// </summary>
/// <param name="Records">The records.</param>
/// <param name="Refused">What was refused on the way: a record that never was, numbered as the one that would have been, without events.</param>
/// <param name="Facts">What it led to.</param>
internal sealed record GoldenJournal(IReadOnlyList<JournalRecord> Records, IReadOnlyList<PoolRecord> Refused, GoldenFacts Facts)
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The names of the golden journals that there are.</summary>
    public static IEnumerable<string> Known => Directory.EnumerateFiles(Folder, "rules-*.json").Select(file => Path.GetFileNameWithoutExtension(file)!);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    /// <summary>The name of the journal of a rules number, or of a story of its own under it.</summary>
    public static string NameOf(int rules, string story = "") => string.Create(CultureInfo.InvariantCulture, $"rules-{rules}{story}");

    public static async Task<GoldenJournal> ReadAsync(string name)
    {
        var facts = JsonSerializer.Deserialize<GoldenFacts>(await File.ReadAllTextAsync(Path.Combine(Folder, name + ".json")), Form)!;
        return new GoldenJournal(await ReadRecordsAsync(name), facts.Refused is null ? [] : await ReadRefusedAsync(name), facts);
    }

    /// <summary>Writes a new one. One that is there is left as it is: to change it would be to forget what the old rules decided.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="records">The records.</param>
    /// <param name="refused">What was refused on the way, and with which code; null where nothing is kept of that.</param>
    public static async Task WriteAsync(
        string folder, string name, IReadOnlyList<JournalRecord> records, IReadOnlyList<(PoolRecord Record, string Code)>? refused = null)
    {
        await WriteRecordsAsync(Path.Combine(folder, name), records);
        if (refused is not null)
        {
            await WriteRecordsAsync(Path.Combine(folder, name + ".refused"), refused.Select(r => RecordCodec.Encode(r.Record, JournalHead.Empty.Hash)));
        }

        var (state, epochs) = await ApplyAsync(records);
        var facts = new GoldenFacts(records.Count, Convert.ToHexStringLower(records[^1].Hash.Span), StateHash.Of(state), [.. epochs.Select(e => e.ToString())])
        {
            Refused = refused?.Select(r => r.Code).ToList(),
        };
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".json"), JsonSerializer.Serialize(facts, Form) + "\n");
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
        var writer = new EpochWriter(journal, new MemoryTransport(new MemoryNet()), new PartyIdentity(Messages.Pool, Messages.Pool, "local", TestKeys.Of(Messages.Pool)));
        return (await writer.WriteAsync(state.Epochs.Closed[0].Copy(), state.Epochs.LastSealed, CancellationToken.None)).Snapshot.Cid;
    }

    private static async Task<List<JournalRecord>> ReadRecordsAsync(string name)
    {
        var records = new List<JournalRecord>();
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Folder, name + ".ndjson")))
        {
            var body = Encoding.UTF8.GetBytes(line);
            records.Add(new JournalRecord(
                records.Count + 1, records.Count == 0 ? JournalHead.Empty.Hash : records[^1].Hash, SHA256.HashData(body), body));
        }

        return records;
    }

    // They follow nothing: each says itself where it would have stood.
    private static async Task<List<PoolRecord>> ReadRefusedAsync(string name)
    {
        var refused = new List<PoolRecord>();
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Folder, name + ".refused.ndjson")))
        {
            var body = Encoding.UTF8.GetBytes(line);
            var sequence = JsonElement.Parse(body).GetProperty("sequence").GetInt64();
            refused.Add(RecordCodec.Decode(new JournalRecord(sequence, JournalHead.Empty.Hash, SHA256.HashData(body), body), withInput: true));
        }

        return refused;
    }

    private static async Task WriteRecordsAsync(string path, IEnumerable<JournalRecord> records)
    {
        await using var file = new FileStream(path + ".ndjson", FileMode.CreateNew);
        foreach (var record in records)
        {
            await file.WriteAsync(record.Body);
            file.WriteByte((byte)'\n');
        }
    }
}

/// <summary>What a golden journal led to when it was made.</summary>
/// <param name="Records">How many records it has.</param>
/// <param name="Head">The last record's hash, hex.</param>
/// <param name="State">The hash of the state after it, hex.</param>
/// <param name="Epochs">The CIDs of the snapshots of its sealed epochs.</param>
internal sealed record GoldenFacts(int Records, string Head, string State, IReadOnlyList<string> Epochs)
{
    /// <summary>The codes of what was refused on the way, in order; null where nothing is kept of that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Refused { get; init; }
}
