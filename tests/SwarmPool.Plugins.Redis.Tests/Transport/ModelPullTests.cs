using StackExchange.Redis;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.RedisServers;
using SwarmPool.Runtime.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Tests.Transport;

/// <summary>A model's pack goes by way of a server, whatever happens to that in the middle of it.</summary>
public sealed class ModelPullTests : IDisposable
{
    private const int Megabyte = 1024 * 1024;

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("swarmpool-redis-packs-");

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public async Task A_pull_goes_on_where_the_server_was_killed()
    {
        await using var server = await RedisServer.StartAsync(RedisServer.Durable);
        var bytes = Write("maker/adder/weights.bin", (6 * Megabyte) + 17);
        await using var maker = await StartAsync(server);
        var added = await new ModelPackTransfer(maker.Content, Folder("maker"), TimeProvider.System).AddAsync(Path.Combine(root.FullName, "maker", "adder"));

        var here = Folder("other");
        await using (var first = await StartAsync(server))
        {
            // The manifest, the list, and then chunks, of which four are under way at a time.
            var dies = new DyingStore(first.Content, 8, server.KillAsync);
            var fault = await Assert.ThrowsAsync<SwarmPoolException>(() => new ModelPackTransfer(dies, here, TimeProvider.System).PullAsync(added.Cid));
            Assert.Equal(ErrorCodes.ContentUnavailable, fault.Code);
        }

        Assert.Empty(here.List());
        await server.StartAgainAsync();
        await using var second = await StartAsync(server);
        var seen = new Seen();
        var local = await new ModelPackTransfer(second.Content, here, TimeProvider.System).PullAsync(added.Cid, progress: seen);
        Assert.InRange(seen.Last.FoundBytes, Megabyte, 6 * Megabyte);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(local.Folder, "weights.bin")));
        Assert.Empty(await local.VerifyAsync());
    }

    /// <summary>Whoever may write to the server may put other bytes in a chunk's place: they are not written, and when they are right again the pull goes on.</summary>
    [Fact]
    public async Task A_chunk_of_other_bytes_is_not_taken()
    {
        await using var server = await RedisServer.StartAsync(RedisServer.Durable);
        var bytes = Write("maker/adder/weights.bin", 3 * Megabyte);
        await using var maker = await StartAsync(server);
        var added = await new ModelPackTransfer(maker.Content, Folder("maker"), TimeProvider.System).AddAsync(Path.Combine(root.FullName, "maker", "adder"));
        Assert.True(ChunkList.TryDecode(await maker.Content.GetAsync(added.Pack.Files[0].Cid, ChunkList.MaxListBytes, default), 3, out var chunks, out _));
        await using var raw = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        RedisKey key = $"{{swarmpool.eth}}:content:{chunks[1]}";
        RedisValue right = await raw.GetDatabase().StringGetAsync(key);
        Assert.Equal(Megabyte, right.Length());
        await raw.GetDatabase().StringSetAsync(key, new byte[Megabyte]);

        await using var other = await StartAsync(server);
        var transfer = new ModelPackTransfer(other.Content, Folder("other"), TimeProvider.System);
        var fault = await Assert.ThrowsAsync<SwarmPoolException>(() => transfer.PullAsync(added.Cid));
        Assert.Equal(ErrorCodes.ContentMismatch, fault.Code);
        Assert.Empty(Folder("other").List());

        await raw.GetDatabase().StringSetAsync(key, right);
        var local = await transfer.PullAsync(added.Cid);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(local.Folder, "weights.bin")));
    }

    private static async Task<ITransport> StartAsync(RedisServer server)
    {
        var transport = Parties.At(server.Configuration);
        await transport.StartAsync(default);
        return transport;
    }

    private ModelFolder Folder(string name) => new(Path.Combine(root.FullName, name));

    private byte[] Write(string path, int count)
    {
        var full = Path.Combine(root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        File.WriteAllBytes(full, bytes);
        return bytes;
    }

    private sealed class Seen : IProgress<PackProgress>
    {
        public PackProgress Last { get; private set; }

        public void Report(PackProgress value) => Last = value;
    }

    // Kills what is behind it before a fetch, counted from 1.
    private sealed class DyingStore(IContentStore inner, int fetch, Func<Task> kill) : IContentStore
    {
        private int fetches;

        public int MaxContentBytes => inner.MaxContentBytes;

        public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.PutAsync(content, cancellationToken);

        public async ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref fetches) == fetch)
            {
                await kill();
            }

            return await inner.GetAsync(cid, maxBytes, cancellationToken);
        }

        public ValueTask PinAsync(Cid cid, CancellationToken cancellationToken) => inner.PinAsync(cid, cancellationToken);

        public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => inner.UnpinAsync(cid, cancellationToken);

        public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken) => inner.PointAsync(pointer, cid, cancellationToken);

        public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) => inner.ResolveAsync(pointer, cancellationToken);
    }
}
