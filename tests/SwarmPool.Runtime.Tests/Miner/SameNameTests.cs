using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Miner;

/// <summary>Two programs with one miner's name: one goes on, the other ends and says why.</summary>
public sealed class SameNameTests : IAsyncDisposable
{
    private readonly MemoryNet net = new();
    private readonly Cast cast = new();
    private readonly ScriptedPool pool;
    private readonly List<Program> programs = [];

    public SameNameTests() => pool = new ScriptedPool(net, cast);

    [Fact]
    public async Task The_second_is_told_by_the_firsts_heartbeat_claims_nothing_and_ends()
    {
        var first = await StartAsync("registered");
        var second = await StartAsync("another False");
        Assert.Equal(ErrorCodes.MinerNameTaken, (await second.FailsAsync()).Code);
        Assert.Equal(0, second.Witness.Count("registered"));
        await WorksAsync(first);
        Assert.Equal(0, second.Witness.Count("claiming"));
        Assert.Equal(1, pool.Count<ProofSnapshot>());
    }

    [Fact]
    public async Task One_that_takes_over_goes_on_and_the_first_ends()
    {
        var first = await StartAsync("registered");
        var second = await StartAsync("registered", takeOver: true);
        await first.Witness.ExpectAsync("another False");
        Assert.Equal(ErrorCodes.MinerNameTaken, (await first.FailsAsync()).Code);
        await second.Witness.ExpectAsync("another True");
        await WorksAsync(second);
        Assert.Equal(1, pool.Count<ProofSnapshot>());
    }

    [Fact]
    public async Task Of_two_that_start_at_once_exactly_one_goes_on()
    {
        var (one, other) = (await StartAsync(null), await StartAsync(null));
        var ended = await Task.WhenAny(one.Running, other.Running).WaitAsync(Patience.Long);
        var left = ended == one.Running ? other : one;
        Assert.Equal(ErrorCodes.MinerNameTaken, (await (left == one ? other : one).FailsAsync()).Code);
        await left.Witness.ExpectAsync("registered");
        await WorksAsync(left);
        Assert.False(left.Running.IsCompleted);
    }

    [Fact]
    public async Task Two_that_could_not_hear_each_other_find_out_when_they_can()
    {
        net.Copies = (topic, _) => topic.EndsWith("/heartbeats", StringComparison.Ordinal) ? 0 : 1;
        var first = await StartAsync("registered");
        await Task.Delay(1100); // Started in another second: the order is by who was there first.
        var second = await StartAsync("registered");
        net.Copies = null;
        Assert.Equal(ErrorCodes.MinerNameTaken, (await second.FailsAsync()).Code); // By what it asks again a little later.
        Assert.False(first.Running.IsCompleted);
    }

    [Fact]
    public async Task A_restart_after_a_kill_is_held_up_by_nothing_that_was_said_before_not_even_when_it_is_said_again()
    {
        var dead = await StartAsync("registered");
        await WorksAsync(dead);
        await dead.StopAsync();
        var old = net.Published.Where(m => m.Topic.EndsWith("/heartbeats", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(old);

        var again = await StartAsync(null);
        for (var i = 0; i < 200; i++)
        {
            old.ForEach(m => net.Publish(m.Topic, m.Payload));
            await Task.Delay(5);
        }

        await again.Witness.ExpectAsync("registered");
        await WorksAsync(again);
        Assert.Equal(0, again.Witness.Count("another"));
        Assert.InRange(net.Published.Count(m => m.Topic.EndsWith("/heartbeats", StringComparison.Ordinal)) - (201 * old.Count), 1, 20); // No answer for each.
    }

    [Fact]
    public async Task A_stranger_that_answers_in_the_miners_name_stops_nobody()
    {
        var forged = 0;
        net.Copies = (topic, payload) =>
        {
            if (topic.EndsWith("/heartbeats", StringComparison.Ordinal)
                && SnapshotCodec.TryDecode(payload, out var heard, out _)
                && heard.Body is HeartbeatSnapshot beat
                && Interlocked.Increment(ref forged) < 20)
            {
                _ = Task.Run(async () =>
                {
                    var answer = beat with { Nonce = new string('f', 16) + beat.Nonce[16..] };
                    net.Publish(topic, (await SnapshotCodec.SignAsync(answer, cast.SignerOf(Cast.Clinic), CancellationToken.None)).Bytes);
                });
            }

            return 1;
        };
        var miner = await StartAsync("registered");
        await WorksAsync(miner);
        Assert.True(forged > 1);
        Assert.Equal(0, miner.Witness.Count("another"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in programs)
        {
            await program.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            program.Dispose();
        }

        await pool.DisposeAsync();
    }

    private async Task<Program> StartAsync(string? until, bool takeOver = false)
    {
        var program = new Program(net, cast, takeOver);
        programs.Add(program);
        if (until is not null)
        {
            await program.Witness.ExpectAsync(until);
        }

        return program;
    }

    private async Task WorksAsync(Program program)
    {
        var job = await pool.StoreJobAsync();
        await pool.AnnounceAsync(job);
        await program.Witness.ExpectAsync($"accepted {job.Cid}");
    }

    /// <summary>One program that mines as alice.</summary>
    private sealed class Program : IDisposable
    {
        private readonly CancellationTokenSource stop = new();

        public Program(MemoryNet net, Cast cast, bool takeOver)
        {
            var role = new RoleDependencies(net.Join(), cast, cast.SignerOf(Cast.Alice), SignatureEngines.Best, TimeProvider.System, SwarmPoolSchedulers.ThreadPool, NullLoggerFactory.Instance);
            var miner = new Runtime.Miner.Miner(
                new MinerOptions { MinerEns = Cast.Alice.Text, DrainSeconds = 0, TakeOver = takeOver },
                new MinerDependencies(role, new FakeBackend(), Witness, new PoolClock(TimeProvider.System)));
            Running = miner.RunAsync(stop.Token);
        }

        public RecordingMinerObserver Witness { get; } = new();

        public Task Running { get; }

        public async Task<SwarmPoolException> FailsAsync() => await Assert.ThrowsAsync<SwarmPoolException>(() => Running.WaitAsync(Patience.Long));

        public async Task StopAsync()
        {
            await stop.CancelAsync();
            await Running.WaitAsync(Patience.Long);
        }

        public void Dispose() => stop.Dispose();
    }
}
