using System.Text.Json;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Tests.Golden;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Golden;

/// <summary>Seals the epochs of golden journals as a daemon does, and writes new ones.</summary>
internal static class GoldenWriter
{
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

        var epochs = await SealedAsync(records);
        var facts = new GoldenFacts(
            records.Count, Convert.ToHexStringLower(records[^1].Hash.Span), StateHash.Of(GoldenJournal.Apply(records)), [.. epochs.Select(e => e.ToString())])
        {
            Refused = refused?.Select(r => r.Code).ToList(),
        };
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".json"), JsonSerializer.Serialize(facts, GoldenJournal.Form) + "\n");
    }

    /// <summary>Makes each sealed epoch's snapshot anew.</summary>
    public static async Task<IReadOnlyList<Cid>> SealedAsync(IReadOnlyList<JournalRecord> records)
    {
        var (state, epochs, journal) = (new PoolState(), new List<Cid>(), new ListJournal(records));
        foreach (var record in records.Select(stored => RecordCodec.Decode(stored, withInput: false)))
        {
            if (record.Events.OfType<EpochSealed>().Any())
            {
                epochs.Add(await SealedAsAsync(journal, state));
            }

            state.Apply(record.Sequence, record.At, record.Events);
        }

        return epochs;
    }

    /// <summary>The CID of the snapshot of the epoch that is next to be sealed.</summary>
    public static async Task<Cid> SealedAsAsync(IPoolJournal journal, PoolState state)
    {
        var writer = new EpochWriter(journal, new MemoryTransport(new MemoryNet()), new PartyIdentity(Messages.Pool, Messages.Pool, "local", TestKeys.Of(Messages.Pool)));
        return (await writer.WriteAsync(state.Epochs.Closed[0].Copy(), state.Epochs.LastSealed, await journal.HeadAsync(default), CancellationToken.None)).Snapshot.Cid;
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
