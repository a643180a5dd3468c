using System.Text;
using System.Text.Json.Nodes;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;
using SwarmPool.Protocol.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Packs;

/// <summary>A pack that lies is refused by name, costs little, and leaves nothing behind.</summary>
public sealed class HostilePackTests : IDisposable
{
    private const int Chunk = ChunkList.ChunkBytes;

    private readonly PackStage stage = new();

    public void Dispose() => stage.Dispose();

    [Theory]
    [InlineData("../escaped.bin", ErrorCodes.PackPathUnsafe)]
    [InlineData("/tmp/escaped.bin", ErrorCodes.PackPathUnsafe)]
    [InlineData("a/../../escaped.bin", ErrorCodes.PackPathUnsafe)]
    [InlineData("A.bin", ErrorCodes.PackPathTaken)]
    public async Task A_path_that_leads_elsewhere_or_collides(string path, string code)
    {
        var content = stage.Net.Put("x"u8.ToArray());
        var tree = JsonNode.Parse(ModelPackCodec.Encode(new ModelPack { Name = "lie", Files = [new PackFile("0.bin", content, 1, PackStage.Sha256("x"u8)), new PackFile("a.bin", content, 1, PackStage.Sha256("x"u8))] }))!;
        tree["files"]![0]!["path"] = path;
        await RefusedAsync(stage.Publish(Canonical(tree)), code);
        Assert.Empty(Directory.EnumerateFiles(stage.Root, "escaped*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(1000, 999)]
    [InlineData(1000, 1001)]
    [InlineData(1000, 0)]
    [InlineData(Chunk, Chunk - 1)]
    public async Task A_size_that_lies_of_a_small_file(int actual, int stated)
    {
        var bytes = new byte[actual];
        await RefusedAsync(stage.PublishFile(stage.Net.Put(bytes), stated, PackStage.Sha256(bytes)), ErrorCodes.PackFileDiffers);
    }

    [Fact]
    public async Task A_file_of_another_hash()
    {
        var bytes = new byte[1000];
        await RefusedAsync(stage.PublishFile(stage.Net.Put(bytes), 1000), ErrorCodes.PackFileDiffers);
        await RefusedAsync(stage.PublishFile(List(Part(1), Part(2)), 2 * Chunk), ErrorCodes.PackFileDiffers);
    }

    [Theory]
    [InlineData(2, (2L * Chunk) + 1)]
    [InlineData(3, 2L * Chunk)]
    [InlineData(2, 4L * Chunk)]
    [InlineData(2, 4001L * Chunk)]
    public async Task A_chunk_list_that_does_not_fit_the_size(int listed, long stated) =>
        await RefusedAsync(stage.PublishFile(List([.. Enumerable.Range(0, listed).Select(Part)]), stated), ErrorCodes.PackChunkList);

    [Fact]
    public async Task A_chunk_that_is_longer_or_shorter_than_its_place()
    {
        var (shorter, longer) = (stage.Net.Put(new byte[Chunk - 1]), stage.Net.Put(new byte[Chunk + 1]));
        await RefusedAsync(stage.PublishFile(List(Part(1), shorter, Part(2)), 3 * Chunk), ErrorCodes.PackFileDiffers);
        await RefusedAsync(stage.PublishFile(List(Part(1), longer, Part(2)), 3 * Chunk), ErrorCodes.PackFileDiffers);
    }

    [Fact]
    public async Task A_list_where_a_chunk_should_be_and_a_chunk_where_a_list_should_be()
    {
        var list = List(Part(1), Part(2));
        await RefusedAsync(stage.PublishFile(List(list, Part(3)), 2 * Chunk), ErrorCodes.PackFileDiffers);
        await RefusedAsync(stage.PublishFile(Part(1), 2 * Chunk), ErrorCodes.PackChunkList);

        // As deep as somebody likes: the size leaves room for one level.
        for (var depth = 0; depth < 50; depth++)
        {
            list = List(list, list);
        }

        var counted = 0;
        stage.Store.Before = number => counted = number;
        await RefusedAsync(stage.PublishFile(list, 2 * Chunk), ErrorCodes.PackFileDiffers);
        Assert.InRange(counted, 1, 4);
    }

    /// <summary>A content can't name itself; one that is named everywhere is the nearest to a circle, and here the size bounds it.</summary>
    [Fact]
    public async Task Lists_that_name_one_list_again_and_again_are_read_once()
    {
        var few = List(Part(1), Part(1));
        var cid = List([.. Enumerable.Repeat(few, 2)]);
        var counted = 0;
        stage.Store.Before = number => counted = number;
        await RefusedAsync(stage.PublishFile(cid, 4002L * Chunk), ErrorCodes.PackChunkList);
        Assert.Equal(3, counted); // The pack, its list, and the first list below it.
    }

    [Fact]
    public async Task A_chunk_list_that_is_none()
    {
        foreach (var text in new[] { "{}", "[]", """{"chunks":[]}""", """{"chunks": []}""", """{"items":["x"]}""", """{"chunks":["\u0000","x"]}""", "\0\u0001" })
        {
            await RefusedAsync(stage.PublishFile(stage.Net.Put(Encoding.UTF8.GetBytes(text)), 2 * Chunk), ErrorCodes.PackChunkList);
        }

        await RefusedAsync(stage.PublishFile(stage.Net.Put(new byte[ChunkList.MaxListBytes + 1]), 2 * Chunk), ErrorCodes.PackChunkList);
    }

    [Fact]
    public async Task A_manifest_of_a_million_files()
    {
        var manifest = Encoding.UTF8.GetBytes("""{"files":[""" + string.Join(',', Enumerable.Repeat("{}", 1_000_000)) + """],"name":"many","type":"model_pack","version":"1.0.0"}""");
        await RefusedAsync(stage.Publish(manifest), ErrorCodes.ContentTooLarge);
    }

    [Fact]
    public async Task What_is_no_pack_at_all()
    {
        await RefusedAsync(stage.Publish("no pack"u8.ToArray()), ErrorCodes.NotJson);
        await RefusedAsync(stage.Publish("""{"type":"job"}"""u8.ToArray()), ErrorCodes.UnknownType);
    }

    [Fact]
    public async Task What_an_honest_pull_left_goes_too_when_the_pack_turns_out_to_lie()
    {
        var (good, bad) = (new byte[10], "bad"u8.ToArray());
        var cid = stage.Publish(ModelPackCodec.Encode(new ModelPack
        {
            Name = "half",
            Files = [new PackFile("a.bin", stage.Net.Put(good), 10, PackStage.Sha256(good)), new PackFile("b.bin", stage.Net.Put(bad), 3, new string('0', 64))],
        }));
        await RefusedAsync(cid, ErrorCodes.PackFileDiffers);
    }

    private async Task RefusedAsync(Cid cid, string code)
    {
        var fault = await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Transfer.PullAsync(cid));
        Assert.True(code == fault.Code, fault.ToString());
        Assert.InRange(fault.Message.Length, 10, 600);
        Assert.Empty(stage.Left);
        Assert.False(Directory.Exists(stage.Folder.Path));
    }

    private Cid Part(int number)
    {
        var bytes = new byte[Chunk];
        bytes[0] = (byte)number;
        return stage.Net.Put(bytes);
    }

    private Cid List(params IReadOnlyList<Cid> cids) => stage.Net.Put(ChunkList.Encode(cids));

    private static byte[] Canonical(JsonNode tree) =>
        CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(tree.ToJsonString()), out var bytes, out var refusal) ? bytes : throw new InvalidOperationException(refusal.ToString());
}
