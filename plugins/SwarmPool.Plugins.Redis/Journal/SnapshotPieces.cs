using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.State;

namespace SwarmPool.Plugins.Redis.Journal;

/// <summary>
/// The newest snapshot, in pieces: one of tens of megabytes as a single value would stop the server for as long as it takes to
/// receive, log and send it.
/// </summary>
internal sealed class SnapshotPieces(ServerLink link, JournalCalls calls, PoolKeys keys, ILogger logger)
{
    private const int PieceBytes = 512 * 1024;
    private const int MostPieces = 4096;
    private const int PieceSeconds = 3600;
    private const int ReplacedSeconds = 60;
    private static readonly string PieceScript = Script.Read("Journal.Scripts.snapshot-piece");
    private static readonly string SnapshotScript = Script.Read("Journal.Scripts.snapshot");

    public async Task SaveAsync(long fence, StateSnapshot snapshot, CancellationToken cancellationToken)
    {
        var count = Math.Max(1, (snapshot.Body.Length + PieceBytes - 1) / PieceBytes);
        if (count > MostPieces)
        {
            throw new JournalException(
                JournalFault.NoRoom, $"A snapshot of {snapshot.Body.Length} bytes is too large for the journal {calls.Location}: at most {(long)PieceBytes * MostPieces}.");
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"{snapshot.Sequence}-{fence}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        for (var i = 0; i < count; i++)
        {
            var piece = snapshot.Body.Slice(i * PieceBytes, Math.Min(PieceBytes, snapshot.Body.Length - (i * PieceBytes)));
            await calls.FencedAsync("saving a snapshot", PieceScript, [keys.Lease, keys.Pieces(id)], fence, [i, piece, PieceSeconds], cancellationToken);
        }

        var answer = await calls.FencedAsync(
            "saving a snapshot",
            SnapshotScript,
            [keys.Lease, keys.Snapshot, keys.Pieces(id)],
            fence,
            [id, count, snapshot.Format, snapshot.Sequence, snapshot.Hash, SHA256.HashData(snapshot.Body.Span)],
            cancellationToken);

        // Who is just reading the one before may end.
        if ((string?)answer[1] is { Length: > 0 } before)
        {
            await NamedAsync("saving a snapshot", database => database.KeyExpireAsync(keys.Pieces(before), TimeSpan.FromSeconds(ReplacedSeconds), CommandFlags.DemandMaster), cancellationToken);
        }
    }

    /// <summary>The newest snapshot; null when there is none, or none that is whole: it is a cache, and the journal is replayed without it.</summary>
    public async Task<StateSnapshot?> LoadAsync(CancellationToken cancellationToken)
    {
        var said = await NamedAsync(
            "reading its snapshot",
            database => database.HashGetAsync(keys.Snapshot, ["id", "pieces", "format", "sequence", "hash", "digest"], CommandFlags.DemandMaster),
            cancellationToken);
        if (said[0].IsNull)
        {
            return null;
        }

        using var body = new MemoryStream();
        for (var i = 0; i < Math.Min(MostPieces, (int)said[1]); i++)
        {
            var number = i;
            ReadOnlyMemory<byte> piece = await NamedAsync("reading its snapshot", database => database.HashGetAsync(keys.Pieces(said[0]!), number, CommandFlags.DemandMaster), cancellationToken);
            body.Write(piece.Span);
        }

        var bytes = body.ToArray();
        if (SHA256.HashData(bytes).AsSpan().SequenceEqual(((ReadOnlyMemory<byte>)said[5]).Span))
        {
            return new StateSnapshot(said[2]!, (long)said[3], (ReadOnlyMemory<byte>)said[4], bytes);
        }

        Log.SnapshotUnusable(logger, calls.Location, (long)said[3], "its bytes are not those that were saved");
        return null;
    }

    private Task<T> NamedAsync<T>(string doing, Func<IDatabase, Task<T>> call, CancellationToken cancellationToken) =>
        JournalErrors.NamedAsync(calls.Location, doing, () => link.CallAsync((database, _) => call(database), cancellationToken));
}
