using System.Text;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Packs;

/// <summary>A folder goes into the network as a pack and comes out of it on another machine, byte for byte, or not at all.</summary>
public sealed class ModelPackTransferTests : IDisposable
{
    private const int Chunk = ChunkList.ChunkBytes;

    private readonly PackStage stage = new();

    public void Dispose() => stage.Dispose();

    [Fact]
    public async Task A_folder_is_published_and_pulled_byte_for_byte()
    {
        stage.Write("model.json", "{}"u8);
        stage.Write("empty.bin", []);
        stage.Write(".hidden", "not a file of the pack"u8);
        stage.Write("golden/in.txt", "2+2"u8);
        stage.Write("golden/out.txt", "4"u8);
        stage.Write("pack.json", """{"name":"adder:1","license":"MIT","tolerance":"exact","golden_vectors":[{"job_type":"math","input":"golden/in.txt","output":"golden/out.txt"}]}"""u8);
        var weights = stage.WriteChunks("weights.bin", (3 * Chunk) + 17);

        var added = await stage.Transfer.AddAsync(stage.Source);
        var local = await stage.Transfer.PullAsync(added.Cid);

        Assert.Equal(["empty.bin", "golden/in.txt", "golden/out.txt", "model.json", "weights.bin"], added.Pack.Files.Select(static file => file.Path));
        Assert.Equal(("adder:1", "MIT", 1), (added.Pack.Name, added.Pack.License, added.Pack.GoldenVectors.Count));
        Assert.Null(added.Folder);
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(local.Folder, "weights.bin")));
        Assert.Equal(added.Pack.Files.Select(static file => file.Path), Directory.EnumerateFiles(local.Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(local.Folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal));
        Assert.Empty(await local.VerifyAsync());
        Assert.Equal($"adder_1-{added.Cid.ToString()[^8..]}", Path.GetFileName(local.Folder));
        Assert.Equal([local.Cid], stage.Folder.List().Select(static one => one.Cid));
        Assert.Equal([$"models.packs/{added.Cid}.json"], stage.Left.Where(static path => path.StartsWith("models.packs", StringComparison.Ordinal)));
        Assert.Equal(Chunk, stage.Store.LargestPut);
    }

    [Fact]
    public async Task One_folder_has_one_CID_and_another_byte_another()
    {
        stage.WriteChunks("weights.bin", Chunk + 1);
        var first = await stage.Transfer.AddAsync(stage.Source);
        Assert.Equal(first.Cid, (await stage.Transfer.AddAsync(stage.Source)).Cid);

        stage.WriteChunks("weights.bin", Chunk + 2);
        Assert.NotEqual(first.Cid, (await stage.Transfer.AddAsync(stage.Source)).Cid);
    }

    [Fact]
    public async Task A_folder_of_the_models_folder_is_here_at_once_and_what_it_was_before_is_forgotten()
    {
        var own = Path.Combine(stage.Folder.Path, "digits");
        Directory.CreateDirectory(own);
        File.WriteAllText(Path.Combine(own, "a.bin"), "1");
        var first = await stage.Transfer.AddAsync(own);
        File.WriteAllText(Path.Combine(own, "a.bin"), "2");
        var second = await stage.Transfer.AddAsync(own);

        Assert.Equal(own, first.Folder);
        Assert.Equal([second.Cid], stage.Folder.List().Select(static local => local.Cid));
        Assert.Equal(own, (await stage.Transfer.PullAsync(second.Cid)).Folder);
        stage.Folder.Remove(stage.Folder.Find("digits"));
        Assert.True(File.Exists(Path.Combine(own, "a.bin")));
        Assert.Empty(stage.Folder.List());
    }

    [Fact]
    public async Task What_can_not_be_a_pack_is_told_at_once_and_nothing_is_published()
    {
        stage.Write("weights.bin", "x"u8);
        stage.Write("two words.bin", "x"u8);
        stage.Write("pack.json", """{"license":"?","files":[],"tokenizer":"missing.json"}"""u8);
        var faults = (await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Transfer.AddAsync(stage.Source))).Message;
        Assert.Contains("$.files is made of the folder", faults, StringComparison.Ordinal);

        stage.Write("pack.json", """{"license":"?","tokenizer":"missing.json"}"""u8);
        var all = await Assert.ThrowsAsync<AggregateException>(() => stage.Transfer.AddAsync(stage.Source));
        Assert.Equal([ErrorCodes.PackPathUnsafe, ErrorCodes.BadField, ErrorCodes.BadField], all.InnerExceptions.Cast<SwarmPoolException>().Select(static fault => fault.Code));
        Assert.Empty(stage.Net.Content);
    }

    [Fact]
    public async Task A_link_is_no_file_of_a_pack()
    {
        stage.Write("weights.bin", "x"u8);
        File.CreateSymbolicLink(Path.Combine(stage.Source, "passwd"), "/etc/passwd");
        Directory.CreateSymbolicLink(Path.Combine(stage.Source, "etc"), "/etc");

        var all = await Assert.ThrowsAsync<AggregateException>(() => stage.Transfer.AddAsync(stage.Source));
        Assert.Equal([ErrorCodes.PackFolderUnusable, ErrorCodes.PackFolderUnusable], all.InnerExceptions.Cast<SwarmPoolException>().Select(static fault => fault.Code));
        Assert.Empty(stage.Net.Content);
    }

    [Theory]
    [InlineData("missing", "can't be read")]
    [InlineData("", "has no files")]
    public async Task A_folder_without_files_is_no_pack(string below, string why)
    {
        var fault = await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Transfer.AddAsync(Path.Combine(stage.Source, below)));
        Assert.Equal(ErrorCodes.PackFolderUnusable, fault.Code);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_of_small_contents_takes_no_packs()
    {
        stage.Write("weights.bin", "x"u8);
        stage.Store.MaxContentBytes = Chunk - 1;
        Assert.Equal(ErrorCodes.ContentTooLarge, (await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Transfer.AddAsync(stage.Source))).Code);
    }

    [Fact]
    public async Task A_file_that_grows_while_it_is_read_is_refused()
    {
        stage.WriteChunks("weights.bin", 8 * Chunk);
        var grows = new Progress(progress =>
        {
            if (progress.Bytes is > 0 and < 2 * Chunk)
            {
                File.AppendAllText(Path.Combine(stage.Source, "weights.bin"), "more");
            }
        });
        Assert.Equal(ErrorCodes.PackFolderUnusable, (await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Transfer.AddAsync(stage.Source, grows))).Code);
    }

    [Fact]
    public async Task Progress_is_told_and_ends_with_all_bytes()
    {
        stage.WriteChunks("a.bin", Chunk + 1);
        stage.WriteChunks("b.bin", 10);
        var (adding, pulling) = (new List<PackProgress>(), new List<PackProgress>());
        var added = await stage.Transfer.AddAsync(stage.Source, new Progress(adding.Add));
        await stage.Transfer.PullAsync(added.Cid, progress: new Progress(pulling.Add));

        foreach (var told in new[] { adding, pulling })
        {
            Assert.Equal(new PackProgress("b.bin", 2, 2, Chunk + 11, Chunk + 11, 0), told[^1]);
            Assert.Equal(told.Select(static one => one.Bytes).Order(), told.Select(static one => one.Bytes));
        }
    }

    [Fact]
    public async Task A_pull_that_was_stopped_goes_on_where_it_was_and_keeps_only_what_is_right()
    {
        var weights = stage.WriteChunks("weights.bin", (12 * Chunk) + 5);
        var added = await stage.Transfer.AddAsync(stage.Source);
        stage.Store.Before = number => _ = number > 9 ? throw new TransportException(TransportFault.Unavailable, "the line is down") : 0;
        Assert.Equal(ErrorCodes.ContentUnavailable, (await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Transfer.PullAsync(added.Cid))).Code);
        Assert.Empty(stage.Folder.List());
        Assert.False(Directory.Exists(stage.Folder.Path));

        var partial = Path.Combine(stage.Folder.Work, $"{added.Cid}.partial", "weights.bin");
        Assert.True(new FileInfo(partial).Length >= 3 * Chunk);
        using (var file = File.OpenWrite(partial))
        {
            file.Position = (2 * Chunk) + 7; // A disk that lies about the third chunk.
            file.WriteByte(0);
            file.WriteByte(0);
        }

        stage.Store.Before = null;
        var told = new List<PackProgress>();
        var local = await stage.Transfer.PullAsync(added.Cid, progress: new Progress(told.Add));
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(local.Folder, "weights.bin")));
        Assert.Equal(2 * Chunk, told[^1].FoundBytes);
    }

    [Fact]
    public async Task What_is_right_is_not_fetched_again()
    {
        stage.WriteChunks("a.bin", 4 * Chunk);
        stage.WriteChunks("b.bin", 4 * Chunk);
        var added = await stage.Transfer.AddAsync(stage.Source);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stage.Transfer.PullAsync(
            added.Cid, progress: new Progress(progress => StopAt(progress, stop)), cancellationToken: stop.Token));

        var counted = 0;
        stage.Store.Before = number => counted = number;
        await stage.Transfer.PullAsync(added.Cid);
        Assert.InRange(counted, 3, 3 + 3); // The manifest, two lists, and what was missing of b.bin.
    }

    [Fact]
    public async Task A_pull_that_was_killed_after_its_last_file_was_moved_ends_well()
    {
        stage.Write("weights.bin", "x"u8);
        var added = await stage.Transfer.AddAsync(stage.Source);
        var local = await stage.Transfer.PullAsync(added.Cid);
        File.Delete(Path.Combine(stage.Folder.Work, $"{added.Cid}.json"));
        Assert.Equal(local, (await stage.Transfer.PullAsync(added.Cid)) with { Pack = local.Pack });

        File.Delete(Path.Combine(stage.Folder.Work, $"{added.Cid}.json"));
        File.WriteAllText(Path.Combine(local.Folder, "weights.bin"), "y");
        var fault = await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Transfer.PullAsync(added.Cid));
        Assert.Equal(ErrorCodes.PackPlaceTaken, fault.Code);
        Assert.Contains(local.Folder, fault.Message, StringComparison.Ordinal);
        Assert.Equal("y", File.ReadAllText(Path.Combine(local.Folder, "weights.bin")));
    }

    [Fact]
    public async Task Two_pulls_of_one_pack_do_not_meet()
    {
        stage.WriteChunks("weights.bin", 2 * Chunk);
        var added = await stage.Transfer.AddAsync(stage.Source);
        using var alone = stage.Folder.PullAlone(added.Cid);
        Assert.Equal(ErrorCodes.PackPlaceTaken, (await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Transfer.PullAsync(added.Cid))).Code);
    }

    [Fact]
    public async Task A_disk_limit_is_kept_before_the_first_byte()
    {
        stage.WriteChunks("weights.bin", 3 * Chunk);
        var added = await stage.Transfer.AddAsync(stage.Source);
        Directory.CreateDirectory(Path.Combine(stage.Folder.Path, "other"));
        File.WriteAllBytes(Path.Combine(stage.Folder.Path, "other", "model.bin"), new byte[1000]);

        var counted = 0;
        stage.Store.Before = number => counted = number;
        var fault = await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Transfer.PullAsync(added.Cid, diskLimit: (3 * Chunk) + 999));
        Assert.Equal(ErrorCodes.PackDiskLimit, fault.Code);
        Assert.Contains("1000 of", fault.Message, StringComparison.Ordinal);
        Assert.Equal(1, counted); // The manifest alone.
        Assert.DoesNotContain(stage.Left, static path => path.Contains(".partial", StringComparison.Ordinal));
        Assert.Equal(added.Cid, (await stage.Transfer.PullAsync(added.Cid, diskLimit: (3 * Chunk) + 1000)).Cid);
    }

    [Fact]
    public async Task A_disk_that_is_too_small_is_told_before_the_first_byte()
    {
        var chunk = stage.Net.Put("x"u8.ToArray());
        var cid = stage.PublishFile(chunk, 1L << 40);
        Assert.Equal(ErrorCodes.PackDiskLimit, (await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Transfer.PullAsync(cid))).Code);
        Assert.DoesNotContain(stage.Left, static path => path.Contains(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_here_is_not_fetched()
    {
        stage.Write("weights.bin", "x"u8);
        var added = await stage.Transfer.AddAsync(stage.Source);
        var local = await stage.Transfer.PullAsync(added.Cid);
        stage.Store.Before = _ => Assert.Fail("nothing is to be fetched");
        Assert.Equal(local.Folder, (await stage.Transfer.PullAsync(added.Cid)).Folder);
    }

    [Fact]
    public async Task A_pack_that_nobody_has_is_not_found()
    {
        var cid = Cid.OfBlock(Encoding.UTF8.GetBytes("nobody"));
        Assert.Equal(ErrorCodes.ContentNotFound, (await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Transfer.PullAsync(cid))).Code);
        Assert.Empty(stage.Left);
    }

    private static void StopAt(PackProgress progress, CancellationTokenSource stop)
    {
        if (progress is { File: "b.bin", Bytes: > 5 * Chunk })
        {
            stop.Cancel();
        }
    }

    /// <summary>Reports on the thread that reports: <see cref="Progress{T}"/> posts.</summary>
    private sealed class Progress(Action<PackProgress> tell) : IProgress<PackProgress>
    {
        public void Report(PackProgress value) => tell(value);
    }
}
