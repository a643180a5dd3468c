using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Files;
using SwarmPool.Plugins.Embedded.Journal;
using SwarmPool.State;
using SwarmPool.Testing.Journal;

namespace SwarmPool.Plugins.Embedded.Tests.Journal;

public sealed class EmbeddedJournalTests : JournalSuite, IDisposable
{
    private readonly TempFolder folder = new();

    private string Db => folder.File("sub/pool.journal.db");

    public void Dispose() => folder.Dispose();

    protected override IPoolJournal Open() => At(Db);

    private static EmbeddedJournal At(string path) => new(path, TimeProvider.System, NullLogger<EmbeddedJournal>.Instance);

    [Fact]
    public async Task A_holder_is_named_with_the_time_of_its_taking()
    {
        await using var journal = Open();
        await AcquireAsync(journal, "host-7, process 42");
        Assert.Contains("host-7, process 42 since 20", (await ThrowsAsync(JournalFault.Held, () => AcquireAsync(journal))).Message);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("folder")]
    [InlineData("chain")]
    public async Task A_link_is_another_path_to_the_same_lock(string which)
    {
        await using var first = Open();
        var lease = await AcquireAsync(first, "first");
        var link = folder.File(which == "folder" ? "linked" : "linked.db");
        File.CreateSymbolicLink(link, which == "folder" ? "sub" : "sub/pool.journal.db");
        if (which == "chain")
        {
            File.CreateSymbolicLink(folder.File("again.db"), "linked.db");
        }

        await using var second = At(which switch { "folder" => Path.Combine(link, "pool.journal.db"), "chain" => folder.File("again.db"), _ => link });
        Assert.Contains("is held by first since", (await ThrowsAsync(JournalFault.Held, () => AcquireAsync(second, "second"))).Message);
        Assert.Equal((lease.Fence, "first"), ((await second.MembersAsync(default)).Leader!.Fence, (await second.MembersAsync(default)).Leader!.Owner));
        await first.AppendAsync(lease, JournalChains.After(JournalHead.Empty, 2), default);
        Assert.Equal(2, (await second.HeadAsync(default)).Sequence);

        await first.ReleaseAsync(lease, default);
        Assert.True((await AcquireAsync(second, "second")).Fence > lease.Fence);
        await ThrowsAsync(JournalFault.Held, () => AcquireAsync(first, "first"));
        Assert.Equal([RealPath.Of(Db + ".lock")], Directory.GetFiles(folder.Path, "*.lock", SearchOption.AllDirectories).Select(RealPath.Of).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_link_to_where_no_journal_is_yet_makes_it_there()
    {
        Directory.CreateDirectory(folder.File("sub"));
        File.CreateSymbolicLink(folder.File("linked.db"), "sub/pool.journal.db");
        await using var linked = At(folder.File("linked.db"));
        await AcquireAsync(linked, "first");
        Assert.True(File.Exists(Db));
        await using var direct = Open();
        await ThrowsAsync(JournalFault.Held, () => AcquireAsync(direct, "second"));
    }

    [Fact]
    public async Task A_file_with_two_names_is_refused_since_each_has_a_lock_of_its_own()
    {
        await using (var journal = Open())
        {
            await AcquireAsync(journal);
        }

        using (var link = Process.Start("ln", [Db, folder.File("other.db")]))
        {
            await link.WaitForExitAsync();
        }

        await using var again = At(folder.File("other.db"));
        Assert.Contains("2 names (hard links)", (await ThrowsAsync(JournalFault.Exposed, () => AcquireAsync(again))).Message);
        File.Delete(folder.File("other.db"));
        await using var alone = Open();
        await AcquireAsync(alone);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task All_files_are_the_daemons_users_alone_and_what_was_open_to_others_is_taken_from_them()
    {
        await using (var journal = Open())
        {
            var lease = await AcquireAsync(journal);
            await journal.AppendAsync(lease, JournalChains.After(JournalHead.Empty, 3), default);
            await journal.ReportAsync("standby", 1, TimeSpan.FromSeconds(10), default);
            var files = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
            Assert.Superset(new[] { "", "-wal", "-shm", ".lock", ".owner" }.Select(end => Db + end).ToHashSet(), files.ToHashSet());
            Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
            Assert.All(
                [Path.GetDirectoryName(Db)!, Db + ".followers"],
                made => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(made)));
        }

        // As an older version made them, under a umask of 002.
        var everyone = (UnixFileMode)0b110_110_100;
        File.SetUnixFileMode(Db, everyone);
        File.SetUnixFileMode(Db + ".lock", everyone);
        File.SetUnixFileMode(Path.GetDirectoryName(Db)!, (UnixFileMode)0b111_111_101);
        await using var again = Open();
        await AcquireAsync(again);
        Assert.All([Db, Db + "-wal", Db + ".lock"], file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(Path.GetDirectoryName(Db)!)); // They may look, and put nothing there.
    }

    [Fact]
    public async Task Reading_makes_no_journal()
    {
        await using var journal = Open();
        await ThrowsAsync(JournalFault.Unavailable, () => journal.HeadAsync(default));
        Assert.False(Directory.Exists(Path.GetDirectoryName(Db)));
    }

    [Fact]
    public async Task Reading_changes_no_byte_of_the_file()
    {
        await WriteAsync(3);
        var before = File.ReadAllBytes(Db);
        await using var reader = Open();
        Assert.Equal(3, (await JournalChains.ReadAsync(reader)).Count);
        Assert.Equal(before, File.ReadAllBytes(Db));
    }

    [Fact]
    public async Task A_flipped_bit_in_the_last_record_is_seen_at_the_taking_and_in_any_by_its_hash()
    {
        await WriteAsync(3);
        Sql("UPDATE records SET body = x'00' WHERE sequence = 2");
        await using (var journal = Open())
        {
            await AcquireAsync(journal);
            var read = await JournalChains.ReadAsync(journal);
            Assert.Equal([true, false, true], read.Select(r => SHA256.HashData(r.Body.Span).AsSpan().SequenceEqual(r.Hash.Span)));
        }

        Sql("UPDATE records SET body = x'00' WHERE sequence = 3");
        await using var again = Open();
        Assert.Contains("record 3", (await ThrowsAsync(JournalFault.Damaged, () => AcquireAsync(again))).Message);
    }

    [Fact]
    public async Task A_missing_record_is_seen()
    {
        await WriteAsync(5);
        Sql("DELETE FROM records WHERE sequence = 3");
        await using var journal = Open();
        var damage = await Assert.ThrowsAsync<JournalException>(() => JournalChains.ReadAsync(journal));
        Assert.Contains("record 3", damage.Message);
    }

    [Theory]
    [InlineData(0, "not a")]
    [InlineData(1, "")]
    public async Task A_torn_file_is_damaged_not_empty(int from, string because)
    {
        await WriteAsync(2000);
        using (var file = File.OpenWrite(Db))
        {
            file.Position = from == 0 ? 0 : 8192;
            var garbage = new byte[file.Length - file.Position];
            new Random(7).NextBytes(garbage);
            file.Write(garbage);
        }

        await using var journal = Open();
        var damage = await ThrowsAsync(JournalFault.Damaged, () => AcquireAsync(journal));
        Assert.Contains(because, damage.Message);
        Assert.Contains("restore", damage.Message);
    }

    [Fact]
    public async Task A_truncated_file_is_damaged()
    {
        await WriteAsync(2000);
        using (var file = File.OpenWrite(Db))
        {
            file.SetLength(file.Length / 2);
        }

        await using var journal = Open();
        await ThrowsAsync(JournalFault.Damaged, () => AcquireAsync(journal));
    }

    [Fact]
    public async Task Another_applications_database_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Db)!);
        Sql("CREATE TABLE photos(id)", SqliteOpenMode.ReadWriteCreate);
        var before = File.ReadAllBytes(Db);
        await using var journal = Open();
        Assert.Contains("not a pool's journal", (await ThrowsAsync(JournalFault.Damaged, () => AcquireAsync(journal))).Message);
        Assert.Equal(before, File.ReadAllBytes(Db));
        Assert.Contains("not a pool's journal", (await ThrowsAsync(JournalFault.Damaged, () => journal.HeadAsync(default))).Message);
    }

    [Fact]
    public async Task A_snapshot_that_went_bad_is_passed_over_for_the_older_one()
    {
        await using (var journal = Open())
        {
            var lease = await AcquireAsync(journal);
            await journal.SaveSnapshotAsync(lease, new StateSnapshot("f", 1, new byte[32], new byte[] { 1 }), default);
            await journal.SaveSnapshotAsync(lease, new StateSnapshot("f", 2, new byte[32], new byte[] { 2 }), default);
        }

        Sql("UPDATE snapshots SET body = x'FF' WHERE sequence = 2");
        await using var again = Open();
        Assert.Equal(1, (await again.LoadSnapshotAsync(default))!.Sequence);
    }

    [Fact]
    public async Task A_kill_loses_nothing_acknowledged_and_frees_the_lease()
    {
        var ready = await StartChildAsync();
        using var child = ready.Child;
        await using var journal = Open();
        try
        {
            // While the other process writes: it is named, and reading works.
            Assert.Contains($"child {child.Id}", (await ThrowsAsync(JournalFault.Held, () => AcquireAsync(journal))).Message);
            Assert.True((await journal.HeadAsync(default)).Sequence >= ready.Acknowledged);
            var leader = (await journal.MembersAsync(default)).Leader!;
            Assert.Equal((1L, $"child {child.Id}"), (leader.Fence, leader.Owner));
        }
        finally
        {
            child.Kill();
        }

        var acknowledged = ready.Acknowledged;
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            acknowledged = long.Parse(line, CultureInfo.InvariantCulture);
        }

        await child.WaitForExitAsync();
        Assert.True(File.Exists(Db + ".owner"));
        Assert.Null((await journal.MembersAsync(default)).Leader);
        var unclean = File.ReadAllBytes(Db);
        Assert.True((await journal.HeadAsync(default)).Sequence >= acknowledged);
        Assert.Equal(unclean, File.ReadAllBytes(Db));
        var lease = await AcquireAsync(journal);
        Assert.Equal(2, lease.Fence);
        var all = await JournalChains.ReadAsync(journal);
        Assert.True(all.Count >= acknowledged, $"{all.Count} records, {acknowledged} acknowledged");
        Assert.Equal(0, all.Count % 10);
    }

    [Fact]
    public async Task Whoever_asks_who_leads_keeps_nobody_from_leading()
    {
        await WriteAsync(1);
        using var enough = new CancellationTokenSource();
        var asking = Task.Factory.StartNew(
            async () =>
            {
                await using var reader = Open();
                var asked = 0;
                for (; !enough.IsCancellationRequested; asked++)
                {
                    await reader.MembersAsync(default);
                }

                return asked;
            },
            TaskCreationOptions.LongRunning).Unwrap();
        for (var round = 0; round < 20; round++)
        {
            // As one that was killed leaves it: only then is the lock itself looked at.
            File.WriteAllText(Db + ".owner", "one that was killed\n2026-01-01T00:00:00.0000000+00:00\n1");
            await using var journal = Open();
            await AcquireAsync(journal);
        }

        await enough.CancelAsync();
        Assert.InRange(await asking, 1, int.MaxValue);
    }

    private async Task<(Process Child, long Acknowledged)> StartChildAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildWriter).Assembly.Location);
        }

        start.Environment[ChildWriter.Variable] = Db;
        var child = Process.Start(start)!;
        long last = 0;
        for (var i = 0; i < 20; i++)
        {
            last = long.Parse((await child.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        }

        return (child, last);
    }

    private async Task WriteAsync(int count)
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        await journal.AppendAsync(lease, JournalChains.After(JournalHead.Empty, count), default);
    }

    private void Sql(string text, SqliteOpenMode mode = SqliteOpenMode.ReadWrite)
    {
        using var connection = JournalSchema.Connect(Db, mode);
        JournalSchema.Run(connection, text);
    }
}
