using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Plugins.Embedded.Transport.Content;
using SwarmPool.Testing.Transport;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Tests.Transport;

public sealed class FolderContentStoreTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_flipped_bit_is_a_mismatch_and_putting_again_mends_it()
    {
        var store = Make();
        var cid = await store.PutAsync(new byte[] { 1, 2, 3 }, default);
        File.WriteAllBytes(folder.File($"blocks/{cid}"), [1, 2, 2]);
        await TransportSuite.ThrowsAsync(TransportFault.Mismatch, async () => await store.GetAsync(cid, 10, default));
        await store.PutAsync(new byte[] { 1, 2, 3 }, default);
        Assert.Equal([1, 2, 3], (await store.GetAsync(cid, 10, default)).ToArray());
    }

    [Fact]
    public async Task Content_beyond_the_limit_is_refused_at_put_and_at_get()
    {
        var store = Make(maxContent: 100);
        await TransportSuite.ThrowsAsync(TransportFault.TooLarge, async () => await store.PutAsync(new byte[101], default));
        var planted = Cid.OfBlock(new byte[101]);
        File.WriteAllBytes(folder.File($"blocks/{planted}"), new byte[101]);
        await TransportSuite.ThrowsAsync(TransportFault.TooLarge, async () => await store.GetAsync(planted, int.MaxValue, default));
    }

    [Fact]
    public async Task A_full_store_refuses_and_names_the_option_but_takes_what_it_has()
    {
        var store = Make(maxStore: 250);
        await store.PutAsync(new byte[200], default);
        var fault = await TransportSuite.ThrowsAsync(TransportFault.Unavailable, async () => await store.PutAsync(new byte[51], default));
        Assert.Contains("max_store_bytes", fault.Message);
        await store.PutAsync(new byte[200], default);
        await store.PutAsync(new byte[50], default);
    }

    [Fact]
    public async Task What_other_processes_stored_counts_after_a_minute()
    {
        var store = Make(maxStore: 250);
        await store.PutAsync(new byte[1], default);
        File.WriteAllBytes(folder.File("blocks/of-another"), new byte[200]);
        await store.PutAsync(new byte[100], default);
        time.Advance(TimeSpan.FromMinutes(1));
        await TransportSuite.ThrowsAsync(TransportFault.Unavailable, async () => await store.PutAsync(new byte[2], default));
    }

    [Fact]
    public async Task Content_that_comes_late_is_waited_for_and_missing_content_is_not_found_in_time()
    {
        var store = Make(wait: TimeSpan.FromSeconds(2));
        var late = store.GetAsync(Cid.OfBlock([4]), 10, default).AsTask();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(late.IsCompleted);
        await store.PutAsync(new byte[] { 4 }, default);
        await AdvanceUntilDoneAsync(late);
        Assert.Equal([4], (await late).ToArray());

        var never = store.GetAsync(Cid.OfBlock([5]), 10, default).AsTask();
        await AdvanceUntilDoneAsync(never);
        await TransportSuite.ThrowsAsync(TransportFault.NotFound, async () => await never);
    }

    [Fact]
    public async Task A_wait_ends_with_the_callers_patience()
    {
        using var patience = new CancellationTokenSource();
        var fetch = Make(wait: TimeSpan.FromSeconds(2)).GetAsync(Cid.OfBlock([6]), 10, patience.Token).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
    }

    [Fact]
    public async Task No_file_is_made_outside_the_folder_or_left_half_written()
    {
        var store = Make();
        await store.PointAsync("../../../x", Cid.OfBlock([1]), default);
        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => store.PutAsync(new byte[] { 1, (byte)(i % 4) }, default).AsTask()));
        Assert.Equal(["blocks"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
        Assert.Equal(4, Directory.GetFiles(folder.File("blocks")).Length);
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.GetAsync(default, 10, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.PointAsync(new string('a', 513), Cid.OfBlock([1]), default));
    }

    [Fact]
    public async Task What_another_user_puts_in_a_shared_folder_is_not_waited_for_or_written_through()
    {
        var store = Make();
        var precious = folder.File("of-the-daemon");
        File.WriteAllText(precious, "precious");
        var content = new byte[] { 7, 7 };
        var cid = Cid.OfBlock(content);
        var place = folder.File($"blocks/{cid}");

        // A FIFO in its place held up a worker for good.
        using (var made = Process.Start("mkfifo", [place]))
        {
            await made.WaitForExitAsync();
            Assert.Equal(0, made.ExitCode);
        }

        var asked = Task.Run(async () => await store.GetAsync(cid, 10, default));
        var fault = await TransportSuite.ThrowsAsync(TransportFault.Unavailable, async () => await asked.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("no regular file", fault.Message, StringComparison.Ordinal);
        await Task.Run(async () => await store.PutAsync(content, default)).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(content, (await store.GetAsync(cid, 10, default)).ToArray());

        // A link led what was read and written somewhere else.
        File.Delete(place);
        File.CreateSymbolicLink(place, precious);
        fault = await TransportSuite.ThrowsAsync(TransportFault.Unavailable, async () => await store.GetAsync(cid, 10, default));
        Assert.Contains("is a link", fault.Message, StringComparison.Ordinal);
        await store.PutAsync(content, default);
        Assert.Equal(content, (await store.GetAsync(cid, 10, default)).ToArray());
        File.CreateSymbolicLink(folder.File($"blocks/pins/{cid}"), folder.File("pinned-elsewhere"));
        await TransportSuite.ThrowsAsync(TransportFault.Unavailable, async () => await store.PinAsync(cid, default));
        Assert.False(File.Exists(folder.File("pinned-elsewhere")));

        // The name that a file is written under was the process's number and a count: a link could wait there.
        for (var i = 1; i <= 200; i++)
        {
            File.CreateSymbolicLink(folder.File($"blocks/.writing-{Environment.ProcessId}-{i}"), precious);
        }

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => store.PutAsync(new byte[] { 9, (byte)i }, default).AsTask()));
        await store.PointAsync("swarmpool.eth/state", cid, default);
        Assert.Equal("precious", File.ReadAllText(precious));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_folder_is_its_makers_alone_and_one_that_is_shared_stays_shared()
    {
        var store = Make();
        var cid = await store.PutAsync(new byte[1], default);
        await store.PinAsync(cid, default);
        await store.PointAsync("swarmpool.eth/state", cid, default);
        Assert.All(Directory.GetFiles(folder.File("blocks"), "*", SearchOption.AllDirectories), file => Assert.Equal("rw-------", Rights(file)));
        Assert.All(["blocks", "blocks/pins", "blocks/pointers"], made => Assert.Equal("rwx------", Rights(folder.File(made))));

        File.SetUnixFileMode(folder.File("blocks"), File.GetUnixFileMode(folder.File("blocks")) | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute);
        var shared = await store.PutAsync(new byte[2], default);
        Assert.Equal("rw-r-----", Rights(folder.File($"blocks/{shared}")));
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static string Rights(string path) =>
        string.Concat(Enumerable.Range(0, 9).Select(bit => ((int)File.GetUnixFileMode(path) >> (8 - bit) & 1) == 1 ? "rwx"[bit % 3] : '-'));

    private async Task AdvanceUntilDoneAsync(Task task)
    {
        for (var i = 0; i < 1000 && !task.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1);
        }
    }

    private FolderContentStore Make(int maxContent = 1000, long maxStore = 100_000, TimeSpan wait = default)
    {
        var store = new FolderContentStore(folder.File("blocks"), maxContent, maxStore, wait, time);
        store.Start();
        return store;
    }
}
