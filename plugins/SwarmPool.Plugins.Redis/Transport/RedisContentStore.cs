using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Transport;

/// <summary>Contents as keys by CID, which expire unless they are pinned; what is read is checked against its CID.</summary>
internal sealed class RedisContentStore(ServerConnection connection, PoolKeys keys, RedisTransportOptions options, TimeProvider time) : IContentStore
{
    private const int MaxPointerChars = 512;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);
    private static readonly Cid Nothing = ContentAddress.Of([]);
    private static readonly string PutScript = Script.Read("Transport.Scripts.put");

    private readonly TimeSpan wait = TimeSpan.FromSeconds(options.FetchWaitSeconds);
    private readonly TimeSpan life = TimeSpan.FromSeconds(options.ContentSeconds);

    public int MaxContentBytes => options.MaxContentBytes;

    public async ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.Length > MaxContentBytes)
        {
            throw new TransportException(TransportFault.TooLarge, $"A content of {content.Length} bytes is too large: at most {MaxContentBytes} ('max_content_bytes').");
        }

        var cid = ContentAddress.Of(content.Span);
        await NamedAsync(
            $"storing {cid}", database => database.ScriptEvaluateAsync(PutScript, [KeyOf(cid)], [content, options.ContentSeconds], CommandFlags.DemandMaster), cancellationToken);
        return cid;
    }

    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        var key = KeyOf(cid);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        if (cid == Nothing)
        {
            return ReadOnlyMemory<byte>.Empty; // The server says of what it does not have that it is empty.
        }

        var most = Math.Min(maxBytes, MaxContentBytes);
        var began = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            // One byte more than is taken, so that more is seen without being sent.
            var range = await NamedAsync($"fetching {cid}", database => database.StringGetRangeAsync(key, 0, most, CommandFlags.DemandMaster), cancellationToken);
            ReadOnlyMemory<byte> content = range;
            if (content.Length > 0)
            {
                return Checked(cid, content, most);
            }

            if (time.GetElapsedTime(began) >= wait)
            {
                throw new TransportException(TransportFault.NotFound, $"{cid} is not in {connection.Location} of {keys.Pool} (waited {wait.TotalSeconds:0.#} s): it was never put, or has expired.");
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    public async ValueTask PinAsync(Cid cid, CancellationToken cancellationToken)
    {
        var key = KeyOf(cid);
        var kept = await NamedAsync(
            $"pinning {cid}",
            async database => await database.KeyPersistAsync(key, CommandFlags.DemandMaster) || await database.KeyExistsAsync(key, CommandFlags.DemandMaster),
            cancellationToken);
        if (!kept)
        {
            throw new TransportException(TransportFault.NotFound, $"{cid} can't be pinned: it is not in {connection.Location} of {keys.Pool}. Put it again.");
        }
    }

    public async ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken)
    {
        var key = KeyOf(cid);
        await NamedAsync($"unpinning {cid}", database => database.KeyExpireAsync(key, life, CommandFlags.DemandMaster), cancellationToken);
    }

    public async ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken)
    {
        var key = PointerOf(pointer);
        if (cid.IsEmpty)
        {
            throw new ArgumentException("A pointer points at a CID.", nameof(cid));
        }

        await NamedAsync($"setting the pointer {pointer}", database => database.StringSetAsync(key, cid.ToString(), flags: CommandFlags.DemandMaster), cancellationToken);
    }

    public async ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken)
    {
        var key = PointerOf(pointer);
        var text = await NamedAsync($"asking for the pointer {pointer}", database => database.StringGetRangeAsync(key, 0, MaxPointerChars, CommandFlags.DemandMaster), cancellationToken);
        return Cid.TryParse(text, out var cid) ? cid : null;
    }

    private static ReadOnlyMemory<byte> Checked(Cid cid, ReadOnlyMemory<byte> content, int most)
    {
        if (content.Length > most)
        {
            throw new TransportException(TransportFault.TooLarge, $"{cid} has more than {most} bytes, the most that is accepted.");
        }

        return ContentAddress.Matches(cid, content.Span)
            ? content
            : throw new TransportException(TransportFault.Mismatch, $"What is stored as {cid} does not match it. Whoever has the content has to put it again.");
    }

    private RedisKey KeyOf(Cid cid) => cid.IsEmpty ? throw new ArgumentException("The CID is empty.", nameof(cid)) : keys.Content(cid.ToString());

    private RedisKey PointerOf(string pointer)
    {
        ArgumentException.ThrowIfNullOrEmpty(pointer);
        return pointer.Length > MaxPointerChars || pointer.Any(char.IsControl)
            ? throw new ArgumentException($"A pointer has 1 to {MaxPointerChars} characters and no control characters.", nameof(pointer))
            : keys.Pointer(pointer);
    }

    private Task<T> NamedAsync<T>(string doing, Func<IDatabase, Task<T>> call, CancellationToken cancellationToken) =>
        TransportErrors.NamedAsync(connection.Location, doing, () => connection.CallAsync((database, _) => call(database), cancellationToken));
}
