using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Golden;

/// <summary>
/// A whole simulated pool as it was when its rules were new: daemons that died and were replaced, miners, clients, a liar. What its records
/// led to then, they lead to for ever. The files are never edited and never made again; their heading says how new rules add theirs.
/// </summary>
/// <param name="Records">Its journal.</param>
/// <param name="Messages">What it said that is no function of the journal alone: its states, and answers without a record.</param>
/// <param name="Facts">What the journal led to, a line each.</param>
internal sealed record RecordedPool(IReadOnlyList<JournalRecord> Records, IReadOnlyList<RecordedMessage> Messages, IReadOnlyList<string> Facts)
{
    public static readonly EnsName Pool = EnsName.Parse("pool.eth");

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    /// <summary>The names of the recordings that there are.</summary>
    public static IEnumerable<string> Known =>
        Directory.EnumerateFiles(Folder, "recorded-*.facts.txt").Select(file => Path.GetFileName(file)[..^".facts.txt".Length]);

    public static string NameOf(int rules) => $"recorded-{rules}";

    public static RecordedPool Read(string name) => new(
        ReadRecords(name),
        [.. Lines(name + ".messages.txt.br").Select(RecordedMessage.Parse)],
        [.. File.ReadLines(Path.Combine(Folder, name + ".facts.txt")).Where(line => !line.StartsWith('#'))]);

    /// <summary>How many bytes its files have.</summary>
    public static long SizeOf(string name) => Directory.EnumerateFiles(Folder, name + ".*").Sum(file => new FileInfo(file).Length);

    /// <summary>The facts of a kind, in order.</summary>
    public IEnumerable<string> FactsOf(string kind) => Facts.Where(fact => fact.StartsWith(kind + " ", StringComparison.Ordinal));

    /// <summary>The states that it published, in the order of their records.</summary>
    public IEnumerable<RecordedMessage> States() => Messages
        .Where(message => message.Said.Body is PoolStateSnapshot)
        .OrderBy(message => ((PoolStateSnapshot)message.Said.Body).Sequence);

    /// <summary>Whether a record was the last of those that became durable, and were announced, together.</summary>
    public bool EndsCommit(PoolRecord record) =>
        record.Sequence == Records.Count || RecordCodec.Decode(Records[(int)record.Sequence], withInput: false).Commit != record.Commit;

    /// <summary>Applies record after record, and gives each with the state after it.</summary>
    public IEnumerable<(PoolState State, PoolRecord Record, JournalRecord Stored)> Replay()
    {
        var state = new PoolState();
        foreach (var stored in Records)
        {
            var record = RecordCodec.Decode(stored, withInput: true);
            state.Apply(record.Sequence, record.At, record.Events);
            yield return (state, record, stored);
        }
    }

    private static List<JournalRecord> ReadRecords(string name)
    {
        var records = new List<JournalRecord>();
        foreach (var line in Lines(name + ".records.ndjson.br"))
        {
            var body = Encoding.UTF8.GetBytes(line);
            records.Add(new JournalRecord(
                records.Count + 1, records.Count == 0 ? JournalHead.Empty.Hash : records[^1].Hash, SHA256.HashData(body), body));
        }

        return records;
    }

    private static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(new BrotliStream(File.OpenRead(Path.Combine(Folder, file)), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}

/// <summary>A signed message of the pool's, and the topic that it went to.</summary>
internal sealed record RecordedMessage(string Topic, SignedSnapshot Said)
{
    /// <summary>Reads a topic, a space and the bytes.</summary>
    public static RecordedMessage Parse(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        Assert.True(SnapshotCodec.TryDecode(Encoding.UTF8.GetBytes(line[(space + 1)..]), out var said, out var refusal), refusal?.ToString());
        return new RecordedMessage(line[..space], said);
    }
}
