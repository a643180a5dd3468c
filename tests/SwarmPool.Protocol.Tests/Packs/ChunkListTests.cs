using System.Text;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Tests.Packs;

/// <summary>How a large file lies in contents follows from its size alone.</summary>
public sealed class ChunkListTests
{
    private const long Chunk = ChunkList.ChunkBytes;

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(Chunk, 1, 0)]
    [InlineData(Chunk + 1, 2, 1)]
    [InlineData(4000 * Chunk, 4000, 1)]
    [InlineData((4000 * Chunk) + 1, 4001, 2)]
    [InlineData(1L << 40, 1 << 20, 2)]
    public void Chunks_and_levels_follow_from_the_size(long size, long chunks, int levels) =>
        Assert.Equal((chunks, levels), (ChunkList.Chunks(size), ChunkList.Levels(size)));

    [Fact]
    public void A_full_list_fits_a_block_and_is_read_as_it_was_written()
    {
        var cids = Enumerable.Range(0, ChunkList.MostInList).Select(static i => Cid.OfBlock(BitConverter.GetBytes(i))).ToList();
        var bytes = ChunkList.Encode(cids);

        Assert.InRange(bytes.Length, 1, ChunkList.MaxListBytes);
        Assert.True(ChunkList.TryDecode(bytes, cids.Count, out var read, out _));
        Assert.Equal(cids, read);
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkList.Encode([.. cids, cids[0]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkList.Encode([]));
    }

    [Theory]
    [InlineData("""{"chunks":["X","X"]}""", 2, null)]
    [InlineData("""{"chunks":["X"]}""", 2, "names 1 contents; by the file's size there are 2")]
    [InlineData("""{"chunks":["X","X","X"]}""", 2, "names 3 contents")]
    [InlineData("""{"chunks":["X","no"]}""", 2, "entry 1 is not a CID")]
    [InlineData("""{"chunks":["X","\u0000"]}""", 2, "is no text")]
    [InlineData("""{"chunks":[1,2]}""", 2, "entry 0 is not a CID")]
    [InlineData("""{"chunks":{"a":1}}""", 2, "one key 'chunks'")]
    [InlineData("""{"chunks":["X","X"],"more":1}""", 2, "one key 'chunks'")]
    [InlineData("""{"items":["X","X"]}""", 2, "one key 'chunks'")]
    [InlineData("""["X","X"]""", 2, "one key 'chunks'")]
    [InlineData("""{"chunks":["X", "X"]}""", 2, "canonical")]
    [InlineData("\u0001\u0002", 2, "canonical")]
    public void A_list_that_is_not_the_file_s_is_refused(string text, long count, string? why)
    {
        var bytes = Encoding.UTF8.GetBytes(text.Replace("\"X\"", $"\"{Cid.OfBlock("x"u8)}\"", StringComparison.Ordinal));
        var read = ChunkList.TryDecode(bytes, count, out var cids, out var refusal);

        Assert.Equal(why is null, read);
        Assert.Equal(read ? (int?)count : null, cids?.Count);
        Assert.Equal(read ? null : ErrorCodes.PackChunkList, refusal?.Code);
        Assert.Contains(why ?? "", refusal?.Reason ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_more_than_a_block_is_refused() =>
        Assert.False(ChunkList.TryDecode(new byte[ChunkList.MaxListBytes + 1], 1, out _, out _));
}
