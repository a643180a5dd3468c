namespace SwarmPool.EndToEnd.Tests;

/// <summary>What the programs do on signals, and when what they print can't be written: as docs/operating.md says.</summary>
public sealed class SignalTests
{
    // Longer than any drain of what is at work here.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    // A pipe of its own that is full before the program begins, and that nobody reads.
    private const string FullPipe = "mkfifo full && exec 3<>full && head -c 65536 /dev/zero >&3 && exec \"$@\" >&3";
    private const string FullDisk = "exec \"$@\" > /dev/full";
    private const string NoHangup = "trap '' HUP; exec \"$@\"";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    public async Task Daemon_and_miner_stop_in_good_order_by_each_signal_that_asks_them_to(int signal)
    {
        using var folder = await PoolFolder.InitAsync();
        await using var daemon = folder.Daemon();
        await daemon.SaysAsync(PoolFolder.Patience, "SWARMPOOL DAEMON STARTED");
        await using var miner = folder.Miner("miner.alice.eth");
        await miner.SaysAsync(PoolFolder.Patience, "Registered");
        foreach (var program in new[] { miner, daemon })
        {
            program.Signal(signal);
            Assert.Equal(0, await program.EndsAsync(Patience));
            await program.SaysAsync(TimeSpan.Zero, "Stopped in good order.");
        }
    }

    [Fact]
    public async Task A_hangup_that_is_ignored_as_under_nohup_stops_nobody()
    {
        using var folder = await PoolFolder.InitAsync();
        await using var daemon = folder.In(NoHangup, "SwarmPool.Daemon", "swarmpool", "run", "--config", folder.Path("swarmpool.json"));
        await daemon.SaysAsync(PoolFolder.Patience, "SWARMPOOL DAEMON STARTED");
        daemon.Signal(1);
        await using var miner = folder.Miner("miner.alice.eth");
        await miner.SaysAsync(PoolFolder.Patience, "Registered");
        Assert.False(daemon.HasEnded);
        daemon.Interrupt();
        Assert.Equal(0, await daemon.EndsAsync(Patience));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_output_that_stands_still_holds_up_neither_the_pool_nor_a_stop(bool json)
    {
        using var folder = await PoolFolder.InitAsync();
        await using var daemon = folder.In(FullPipe, "SwarmPool.Daemon", "swarmpool", ["run", "--config", folder.Path("swarmpool.json"), .. Json(json)]);
        await using var miner = folder.Miner("miner.alice.eth");
        await miner.SaysAsync(PoolFolder.Patience, "Registered"); // The daemon leads and decides, whatever its screen does.
        daemon.Interrupt();
        Assert.Equal(0, await daemon.EndsAsync(Patience));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_output_on_a_full_disk_ends_nothing_and_a_clean_stop_ends_with_0(bool json)
    {
        using var folder = await PoolFolder.InitAsync();
        await using var daemon = folder.In(FullDisk, "SwarmPool.Daemon", "swarmpool", ["run", "--config", folder.Path("swarmpool.json"), .. Json(json)]);
        await using var other = folder.Miner("miner.bob.eth");
        await other.SaysAsync(PoolFolder.Patience, "Registered");
        await using var miner = folder.In(
            FullDisk, "SwarmPool.Miner", "swarm-miner", ["mine", "--config", folder.Path("swarm-miner.json"), "--ens", "miner.alice.eth", "--key-file", folder.Path("keys", "miner.alice.eth.key"), "--verbose", .. Json(json)]);
        await miner.SaysAsync(PoolFolder.Patience, "mines for");
        foreach (var program in new[] { miner, daemon })
        {
            program.Interrupt();
            Assert.Equal(0, await program.EndsAsync(Patience));
            await program.SaysAsync(TimeSpan.FromSeconds(1), "stderr:", "events were not shown");
        }
    }

    [Fact]
    public async Task A_second_miner_of_one_name_ends_by_itself_and_one_that_takes_over_goes_on()
    {
        using var folder = await PoolFolder.InitAsync();
        await using var daemon = folder.Daemon();
        await daemon.SaysAsync(PoolFolder.Patience, "SWARMPOOL DAEMON STARTED");
        await using var first = folder.Miner("miner.alice.eth");
        await first.SaysAsync(PoolFolder.Patience, "Registered");
        await using var second = folder.Miner("miner.alice.eth");
        Assert.Equal(3, await second.EndsAsync(Patience));
        await second.SaysAsync(TimeSpan.FromSeconds(1), "SP3304", "miner.alice.eth", "--take-over");
        Assert.False(first.HasEnded);

        await using var third = folder.Miner("miner.alice.eth", "--take-over");
        await third.SaysAsync(PoolFolder.Patience, "Registered");
        Assert.Equal(3, await first.EndsAsync(Patience));
        await first.SaysAsync(TimeSpan.FromSeconds(1), "SP3304", "this one ends");
        await third.SaysAsync(PoolFolder.Patience, "SP3304", "this one goes on");

        await third.KillAsync();
        await using var again = folder.Miner("miner.alice.eth"); // At once after a kill -9, and it is not held up.
        await again.SaysAsync(PoolFolder.Patience, "Registered");
    }

    private static string[] Json(bool json) => json ? ["--json"] : [];
}
