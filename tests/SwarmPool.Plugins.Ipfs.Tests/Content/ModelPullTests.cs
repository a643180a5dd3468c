using SwarmPool.IpfsNodes;
using SwarmPool.Plugins.Ipfs.Tests.Support;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Tests.Content;

/// <summary>A model's pack goes from the maker's node to another's, whatever happens to that in the middle of it.</summary>
public sealed class ModelPullTests : IDisposable
{
    private const int Megabyte = 1024 * 1024;

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("swarmpool-ipfs-packs-");

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public async Task A_pull_goes_on_where_its_node_was_killed()
    {
        Assert.SkipWhen(Nodes.Foreign is not null, "The nodes are yours: this test stops and starts them.");
        await using var far = await IpfsNode.StartAsync();
        await using var near = await IpfsNode.StartAsync();
        var bytes = Write("maker/adder/weights.bin", (6 * Megabyte) + 17);
        await using var maker = await StartAsync(far);
        var added = await new ModelPackTransfer(maker.Content, Folder("maker"), TimeProvider.System).AddAsync(Path.Combine(root.FullName, "maker", "adder"));

        var here = Folder("other");
        await using (var first = await StartAsync(near, far))
        {
            // The manifest, the list, and then chunks, of which four are under way at a time.
            var dies = new DyingStore(first.Content, 8, near.KillAsync);
            var fault = await Assert.ThrowsAsync<SwarmPoolException>(() => new ModelPackTransfer(dies, here, TimeProvider.System).PullAsync(added.Cid));
            Assert.Equal(ErrorCodes.ContentUnavailable, fault.Code);
        }

        Assert.Empty(here.List());
        await near.RestartAsync();
        await using var second = await StartAsync(near, far);
        var seen = new Seen();
        var local = await new ModelPackTransfer(second.Content, here, TimeProvider.System).PullAsync(added.Cid, progress: seen);
        Assert.InRange(seen.Last.FoundBytes, Megabyte, 6 * Megabyte);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(local.Folder, "weights.bin")));
        Assert.Empty(await local.VerifyAsync());
    }

    /// <summary>A node gives no other bytes for a CID, so whoever lies names another content in a list.</summary>
    [Fact]
    public async Task A_chunk_that_is_another_leaves_nothing_behind()
    {
        Assert.SkipWhen(Nodes.Foreign is not null, "The nodes are yours: this test needs two that only know each other.");
        await using var far = await IpfsNode.StartAsync();
        await using var near = await IpfsNode.StartAsync();
        Write("maker/adder/weights.bin", 3 * Megabyte);
        await using var maker = await StartAsync(far);
        var added = await new ModelPackTransfer(maker.Content, Folder("maker"), TimeProvider.System).AddAsync(Path.Combine(root.FullName, "maker", "adder"));
        var file = added.Pack.Files[0];
        Assert.True(ChunkList.TryDecode(await maker.Content.GetAsync(file.Cid, ChunkList.MaxListBytes, default), 3, out var chunks, out _));
        var list = await maker.Content.PutAsync(ChunkList.Encode([chunks[0], chunks[2], chunks[1]]), default);
        var lie = await maker.Content.PutAsync(ModelPackCodec.Encode(added.Pack with { Files = [file with { Cid = list }] }), default);

        await using var other = await StartAsync(near, far);
        var fault = await Assert.ThrowsAsync<SwarmPoolException>(() => new ModelPackTransfer(other.Content, Folder("other"), TimeProvider.System).PullAsync(lie));
        Assert.Equal(ErrorCodes.PackFileDiffers, fault.Code);
        Assert.Contains("weights.bin: its SHA-256 is ", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(root.FullName, "other.packs")));
        Assert.False(Directory.Exists(Path.Combine(root.FullName, "other")));
    }

    private static async Task<ITransport> StartAsync(IpfsNode node, params IpfsNode[] peers)
    {
        var options = new IpfsOptions { Api = node.Api, ConnectTimeoutSeconds = 60 };
        foreach (var peer in peers)
        {
            options.Peers.Add(peer.Address);
        }

        var transport = Party.Make(options);
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
