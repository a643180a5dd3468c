using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Packs;
using SwarmPool.Runtime.Tests.Support;

namespace SwarmPool.Runtime.Tests.Packs;

/// <summary>A file of more than 1 GiB goes through in chunks, and memory stays where it was.</summary>
[Collection(nameof(MeasuresMemory))]
public sealed class LargePackTests : IDisposable
{
    private const long Bytes = (1L << 30) + (64L << 20) + 3;
    private const long Allowed = 96L << 20;

    private readonly PackStage stage = new();

    public void Dispose() => stage.Dispose();

    [Fact]
    public async Task A_file_of_more_than_a_GiB_is_never_whole_in_memory()
    {
        using (var file = File.Create(Path.Combine(stage.Source, "weights.bin")))
        {
            file.SetLength(Bytes); // Mostly a hole, so that the network in memory holds few chunks.
            for (var at = 0L; at < Bytes; at += 100L << 20)
            {
                file.Position = at;
                file.WriteByte((byte)(1 + (at >> 20)));
            }
        }

        var memory = new MemoryWatch();
        var added = await stage.Transfer.AddAsync(stage.Source, memory);
        var local = await stage.Transfer.PullAsync(added.Cid, progress: memory);

        Assert.Equal(Bytes, added.Pack.TotalBytes);
        Assert.Equal(ChunkList.ChunkBytes, stage.Store.LargestPut);
        Assert.InRange(memory.Reports, 2 * Bytes / ChunkList.ChunkBytes, long.MaxValue);
        Assert.True(memory.Most < Allowed, $"{memory.Most >> 20} MiB were held at once.");
        Assert.Equal(Bytes, new FileInfo(Path.Combine(local.Folder, "weights.bin")).Length);
        Assert.Empty(await local.VerifyAsync());
    }

    /// <summary>What lives at each 64th report, beyond what lived at the beginning.</summary>
    private sealed class MemoryWatch : IProgress<PackProgress>
    {
        private readonly long before = GC.GetTotalMemory(forceFullCollection: true);

        public long Most { get; private set; }

        public long Reports { get; private set; }

        public void Report(PackProgress value)
        {
            if (Reports++ % 64 == 0)
            {
                Most = Math.Max(Most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }
    }
}
