using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>What can happen to a journal's file, before the program that has to start from it: named, refused, or fixed without loss.</summary>
public sealed class JournalFaultTests
{
    private const string JournalKey = "plugins__use__SwarmPool.Plugins.Embedded__journal";
    private const int JournalExit = 7;

    [Fact]
    public async Task A_journal_that_is_held_or_anothers_or_unreadable_is_refused_by_name_and_left_alone()
    {
        using var folder = await PoolFolder.InitAsync();
        var journal = folder.Path("pool.journal.db");
        await using (await HoldAsync(folder, "swarmpool.eth"))
        {
            await RefusedAsync(folder, ErrorCodes.JournalHeld, "held by");
        }

        // With nothing held it starts; and so it does where this pool's records are what it finds.
        await StartsWithAsync(folder, []);
        DeleteJournal(journal);

        await (await HoldAsync(folder, "other.eth")).DisposeAsync();
        var others = await File.ReadAllBytesAsync(journal, CancellationToken.None);
        await RefusedAsync(folder, ErrorCodes.JournalOfOtherPool, "other.eth");
        Assert.Equal(others, await File.ReadAllBytesAsync(journal, CancellationToken.None));
        DeleteJournal(journal);

        Directory.CreateDirectory(journal);
        await RefusedAsync(folder, ErrorCodes.JournalUnreadable, journal);
        Directory.Delete(journal);

        await File.WriteAllTextAsync(journal, string.Concat(Enumerable.Repeat("this is no database; ", 500)), CancellationToken.None);
        await RefusedAsync(folder, ErrorCodes.JournalDamaged, journal);
    }

    [Fact]
    public async Task A_torn_append_is_mended_and_every_other_damage_is_refused()
    {
        using var folder = await PoolFolder.InitAsync(("state_seconds", "1"));
        var (journal, jobs) = (folder.Path("pool.journal.db"), await KilledWithJobsAsync(folder, 30));
        var copies = Copies(folder, journal);

        // The tail of an append that the power took: garbage, and a frame cut short.
        await AppendAsync(journal + "-wal", [.. Enumerable.Repeat((byte)0x5a, 700)]);
        await StartsWithAsync(folder, jobs);
        Restore(copies);

        var wal = await File.ReadAllBytesAsync(journal + "-wal", CancellationToken.None);
        await AppendAsync(journal + "-wal", wal.AsSpan(32, 2000).ToArray());
        await StartsWithAsync(folder, jobs);
        Restore(copies);

        // A flipped bit in what was synced: the log ends there, so the journal is older than what the pool has signed.
        wal[wal.Length / 3] ^= 0x10;
        await File.WriteAllBytesAsync(journal + "-wal", wal, CancellationToken.None);
        await RefusedAsync(folder, ErrorCodes.JournalBehindPublished, "does not hold");
        Restore(copies);

        // The log is lost altogether.
        File.Delete(journal + "-wal");
        await RefusedAsync(folder, ErrorCodes.JournalBehindPublished, "does not hold");
        Restore(copies);

        // A flipped bit in a record: the last, and one in the middle.
        foreach (var which in new[] { "(SELECT max(sequence) FROM records)", "(SELECT max(sequence) / 2 FROM records)" })
        {
            FlipBit(journal, which);
            await RefusedAsync(folder, ErrorCodes.JournalDamaged, "does not match its hash");
            Restore(copies);
        }

        // A record that is gone, and a file that is cut off.
        Run(journal, "DELETE FROM records WHERE sequence = 5");
        await RefusedAsync(folder, ErrorCodes.JournalDamaged, "record 5 is missing");
        Restore(copies);
        Run(journal, "PRAGMA wal_checkpoint(TRUNCATE)");
        using (var file = new FileStream(journal, FileMode.Open))
        {
            file.SetLength(file.Length / 2);
        }

        await RefusedAsync(folder, ErrorCodes.JournalDamaged, journal);
        Restore(copies);
        await StartsWithAsync(folder, jobs);
    }

    [Fact]
    public async Task A_full_disk_ends_the_daemon_by_name_and_with_room_it_goes_on_without_loss()
    {
        var place = Directory.CreateTempSubdirectory("swarmpool-disk-");
        using var disk = TinyDisk.TryMount(Path.Combine(place.FullName, "disk"), "size=400k", out var why);
        Assert.SkipWhen(disk is null, $"A small disk can't be mounted here: {why}");
        try
        {
            var journal = Path.Combine(disk!.Path, "pool.journal.db");
            using var folder = await PoolFolder.InitAsync((JournalKey, journal), ("state_seconds", "60"));
            Cid[] acknowledged;
            await using (var daemon = folder.Daemon())
            {
                await daemon.SaysAsync(PoolFolder.Patience, "swarmpool.eth");
                await using var peer = await RawPeer.ConnectAsync(folder);
                var ended = daemon.EndsAsync(PoolFolder.Patience);
                for (var i = 0; i < 2000 && !ended.IsCompleted; i++)
                {
                    await TrySendAsync(peer);
                }

                Assert.True(await ended == JournalExit, string.Join('\n', daemon.Lines));
                Said(daemon, ErrorCodes.JournalAppendFailed, "the disk is full");
                acknowledged = [.. peer.Accepted.Select(item => item.Cid)];
            }

            Assert.NotEmpty(acknowledged);
            disk.Remount("size=8m");
            await StartsWithAsync(folder, acknowledged, journal);

            disk.Remount("ro");
            await RefusedAsync(folder, ErrorCodes.JournalAppendFailed, "not writable");
            disk.Remount("rw");
            await StartsWithAsync(folder, acknowledged, journal);
        }
        finally
        {
            disk!.Dispose();
            place.Delete(recursive: true);
        }
    }

    /// <summary>A daemon that took jobs which nobody does, published that, and was killed: all of it is in the write-ahead log.</summary>
    private static async Task<Cid[]> KilledWithJobsAsync(PoolFolder folder, int count)
    {
        await using var daemon = folder.Daemon("--json");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
        await using var peer = await RawPeer.ConnectAsync(folder);
        var jobs = new List<Cid>();
        for (var i = 0; i < count; i++)
        {
            jobs.Add((await peer.SendAsync(peer.Job() with { Model = "nobody-has-this" })).Cid);
        }

        await UntilAsync(() => jobs.TrueForAll(job => peer.Accepted.Any(item => item.Cid == job)), "all jobs are acknowledged");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"state_published\"", $"\"pending_count\":{count}");
        await daemon.KillAsync();
        return [.. jobs];
    }

    /// <summary>The daemon starts, knows all of the jobs, and ends in good order.</summary>
    private static async Task StartsWithAsync(PoolFolder folder, IReadOnlyCollection<Cid> jobs, string journal = KillLedger.DefaultJournal)
    {
        await using var daemon = folder.Daemon("--json");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
        daemon.Interrupt();
        Assert.True(await daemon.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', daemon.Lines));
        using var books = new KillLedger(folder, journal);
        await books.ReadOnAsync();
        Assert.All(jobs, job => Assert.True(books.Knows(job), $"{job} was acknowledged and is lost"));
    }

    private static async Task RefusedAsync(PoolFolder folder, string code, string words)
    {
        await using var daemon = folder.Daemon();
        Assert.True(await daemon.EndsAsync(PoolFolder.Patience) == JournalExit, $"{code} was to be the end with {JournalExit}:\n{string.Join('\n', daemon.Lines)}");
        Said(daemon, code, words);
    }

    // Lines are broken to fit a terminal, so the words are looked for in all of them together.
    private static void Said(RunningProgram daemon, string code, string words)
    {
        var all = string.Join(' ', daemon.Lines.Select(line => line.Replace("stderr:", "", StringComparison.Ordinal).Trim()));
        Assert.Contains(code, all, StringComparison.Ordinal);
        Assert.Contains(words, all, StringComparison.Ordinal);
    }

    private static async Task<IAsyncDisposable> HoldAsync(PoolFolder folder, string pool)
    {
        var builder = SwarmPoolBuilder.Create(null, folder.Root);
        builder.UseEmbeddedJournal();
        builder.Require<IPoolJournal>("the test");
        var host = builder.Build();
        await host.Services.GetRequiredService<IPoolJournal>().AcquireAsync(pool, "the test", TimeSpan.FromSeconds(30), CancellationToken.None);
        return (IAsyncDisposable)host;
    }

    private static async Task TrySendAsync(RawPeer peer)
    {
        try
        {
            await peer.SendAsync(peer.Job() with { Model = "nobody-has-this" });
        }
        catch (TransportException)
        {
            await Task.Delay(20); // The daemon is the broker: with it the connection ends.
        }
    }

    private static async Task UntilAsync(Func<bool> so, string what)
    {
        for (var i = 0; i < 600 && !so(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(so(), $"not within 30 s: {what}");
    }

    private static void FlipBit(string journal, string which) =>
        Run(journal, $"UPDATE records SET body = CAST(substr(body, 1, 20) || char((unicode(substr(body, 21, 1)) | 1) - (unicode(substr(body, 21, 1)) & 1)) || substr(body, 22) AS BLOB) WHERE sequence = {which}");

    private static void Run(string journal, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={journal};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of this test.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static async Task AppendAsync(string path, byte[] bytes)
    {
        await using var file = new FileStream(path, FileMode.Append);
        await file.WriteAsync(bytes, CancellationToken.None);
    }

    // With what the pool had published then: a daemon that is started goes on, and what it publishes is ahead of the copy.
    private static Copy Copies(PoolFolder folder, string journal) => new(
        journal,
        new[] { (Path.GetDirectoryName(journal)!, Path.GetFileName(journal) + "*"), (folder.Path("blocks/pointers"), "*") }
            .SelectMany(static files => Directory.GetFiles(files.Item1, files.Item2))
            .Where(static file => !file.EndsWith(".lock", StringComparison.Ordinal))
            .ToDictionary(static file => file, File.ReadAllBytes));

    private static void Restore(Copy copy)
    {
        DeleteJournal(copy.Journal);
        foreach (var (path, bytes) in copy.Files)
        {
            File.WriteAllBytes(path, bytes);
        }
    }

    private static void DeleteJournal(string journal)
    {
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(journal)!, Path.GetFileName(journal) + "*"))
        {
            File.Delete(file);
        }
    }

    private sealed record Copy(string Journal, IReadOnlyDictionary<string, byte[]> Files);
}
