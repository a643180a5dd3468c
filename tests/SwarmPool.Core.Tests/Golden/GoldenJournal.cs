using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.State;

namespace SwarmPool.Core.Tests.Golden;

/// <summary>
/// A journal that was made when its rules were new, a record a line, and what it led to then. It leads to the same for ever:
/// these files are added to, by a new rules number or a new story, and never made again.
/// </summary>
/// <param name="Records">The records.</param>
/// <param name="Refused">What was refused on the way: a record that never was, numbered as the one that would have been, without events.</param>
/// <param name="Facts">What it led to.</param>
internal sealed record GoldenJournal(IReadOnlyList<JournalRecord> Records, IReadOnlyList<PoolRecord> Refused, GoldenFacts Facts)
{
    public static readonly JsonSerializerOptions Form = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

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

    /// <summary>The state after the records' events.</summary>
    public static PoolState Apply(IEnumerable<JournalRecord> records)
    {
        var state = new PoolState();
        foreach (var record in records.Select(stored => RecordCodec.Decode(stored, withInput: false)))
        {
            state.Apply(record.Sequence, record.At, record.Events);
        }

        return state;
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
