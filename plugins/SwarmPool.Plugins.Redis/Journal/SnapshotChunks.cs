using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.State;

namespace SwarmPool.Plugins.Redis.Journal;

/// <summary>
/// The newest snapshot, in chunks: one of tens of megabytes as a single value would stop the server for as long as it takes to
/// receive, log and send it.
/// </summary>
internal sealed class SnapshotChunks(ServerConnection connection, JournalCalls calls, PoolKeys keys, ILogger logger)
{
    private const int ChunkBytes = 512 * 1024;
    private const int MaxChunks = 4096;
    private const int ChunkSeconds = 3600;
    private const int ReplacedSeconds = 60;
    private static readonly string ChunkScript = Script.Read("Journal.Scripts.snapshot-chunk");
    private static readonly string SnapshotScript = Script.Read("Journal.Scripts.snapshot");

    public async Task SaveAsync(long fence, StateSnapshot snapshot, CancellationToken cancellationToken)
    {
        var count = Math.Max(1, (snapshot.Body.Length + ChunkBytes - 1) / ChunkBytes);
        if (count > MaxChunks)
        {
            throw new JournalException(
                JournalFault.NoRoom, $"A snapshot of {snapshot.Body.Length} bytes is too large for the journal {calls.Location}: at most {(long)ChunkBytes * MaxChunks}.");
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"{snapshot.Sequence}-{fence}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        for (var i = 0; i < count; i++)
        {
            var chunk = snapshot.Body.Slice(i * ChunkBytes, Math.Min(ChunkBytes, snapshot.Body.Length - (i * ChunkBytes)));
            await calls.FencedAsync("saving a snapshot", ChunkScript, [keys.Lease, keys.SnapshotChunks(id)], fence, [i, chunk, ChunkSeconds], cancellationToken);
        }

        var answer = await calls.FencedAsync(
            "saving a snapshot",
            SnapshotScript,
            [keys.Lease, keys.Snapshot, keys.SnapshotChunks(id)],
            fence,
            [id, count, snapshot.Format, snapshot.Sequence, snapshot.Hash, SHA256.HashData(snapshot.Body.Span)],
            cancellationToken);

        // Who is just reading the one before may end.
        if ((string?)answer[1] is { Length: > 0 } before)
        {
            await NamedAsync("saving a snapshot", database => database.KeyExpireAsync(keys.SnapshotChunks(before), TimeSpan.FromSeconds(ReplacedSeconds), CommandFlags.DemandMaster), cancellationToken);
        }
    }

    /// <summary>The newest snapshot; null when there is none, or none that is whole: it is a cache, and the journal is replayed without it.</summary>
    public async Task<StateSnapshot?> LoadAsync(CancellationToken cancellationToken)
    {
        var answer = await NamedAsync(
            "reading its snapshot",
            database => database.HashGetAsync(keys.Snapshot, ["id", "pieces", "format", "sequence", "hash", "digest"], CommandFlags.DemandMaster),
            cancellationToken);
        if (answer[0].IsNull)
        {
            return null;
        }

        using var body = new MemoryStream();
        for (var i = 0; i < Math.Min(MaxChunks, (int)answer[1]); i++)
        {
            var number = i;
            ReadOnlyMemory<byte> chunk = await NamedAsync("reading its snapshot", database => database.HashGetAsync(keys.SnapshotChunks(answer[0]!), number, CommandFlags.DemandMaster), cancellationToken);
            body.Write(chunk.Span);
        }

        var bytes = body.ToArray();
        if (SHA256.HashData(bytes).AsSpan().SequenceEqual(((ReadOnlyMemory<byte>)answer[5]).Span))
        {
            return new StateSnapshot(answer[2]!, (long)answer[3], (ReadOnlyMemory<byte>)answer[4], bytes);
        }

        RedisLog.SnapshotUnusable(logger, calls.Location, (long)answer[3], "its bytes are not those that were saved");
        return null;
    }

    private Task<T> NamedAsync<T>(string doing, Func<IDatabase, Task<T>> call, CancellationToken cancellationToken) =>
        JournalErrors.NamedAsync(calls.Location, doing, () => connection.CallAsync((database, _) => call(database), cancellationToken));
}
