using Microsoft.Extensions.Time.Testing;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Messaging;

public sealed class ReplayFilterTests
{
    private readonly FakeTimeProvider time = new();
    private readonly ReplayFilter horizon;

    public ReplayFilterTests() => horizon = new ReplayFilter(time);

    [Fact]
    public void Without_a_state_everything_is_news() => Assert.False(horizon.IsPast(Said(1)));

    [Fact]
    public void What_the_first_state_has_in_it_is_past_at_once()
    {
        horizon.Learn(State(100));
        Assert.True(horizon.IsPast(Said(99)));
        Assert.True(horizon.IsPast(Said(100)));
        Assert.False(horizon.IsPast(Said(101)));
    }

    [Fact]
    public void What_comes_late_after_a_newer_state_is_news_for_a_while()
    {
        horizon.Learn(State(100));
        horizon.Learn(State(200));
        Assert.False(horizon.IsPast(Said(150)));
        time.Advance(ReplayFilter.Lateness);
        Assert.True(horizon.IsPast(Said(150)));
        Assert.False(horizon.IsPast(Said(201)));
    }

    [Fact]
    public void States_that_come_all_the_time_do_not_keep_it_from_moving()
    {
        for (var sequence = 100; sequence < 1000; sequence += 10)
        {
            horizon.Learn(State(sequence));
            time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.True(horizon.IsPast(Said(800)));
        Assert.False(horizon.IsPast(Said(985)));
    }

    [Fact]
    public void An_old_state_said_again_moves_nothing_back()
    {
        horizon.Learn(State(100, term: 2));
        horizon.Learn(State(50));
        time.Advance(ReplayFilter.Lateness);
        Assert.True(horizon.IsPast(Said(60)));
    }

    [Fact]
    public void An_answer_that_names_no_position_is_judged_by_the_pools_own_clock()
    {
        horizon.Learn(State(100, timestamp: 1_000_000));
        Assert.True(horizon.IsPast(Said(0, timestamp: 1_000_000 - 61)));
        Assert.False(horizon.IsPast(Said(0, timestamp: 1_000_000 - 60)));
        Assert.False(horizon.IsPast(Said(0, timestamp: 1_000_001)));
    }

    private static JobsCancelled Said(long sequence, long timestamp = 0) => new()
    {
        Pool = Messages.Pool,
        Network = "local",
        Timestamp = timestamp,
        Nonce = "",
        FromSequence = sequence,
        ToSequence = sequence,
        Items = [],
    };

    private static PoolStateSnapshot State(long sequence, long term = 1, long timestamp = 0) => new()
    {
        Pool = Messages.Pool,
        Network = "local",
        Timestamp = timestamp,
        Nonce = "",
        Term = term,
        Sequence = sequence,
        JournalHead = "",
        Rules = 1,
        TotalJobs = 0,
        TotalProofs = 0,
        TotalVolumeUsdc = Usdc.Zero,
        CurrentEpoch = "epoch-1",
        EpochJobs = 0,
        EpochVolume = Usdc.Zero,
        LastEpochSeal = 0,
        PendingJobs = [],
        PendingCount = 0,
        ClaimedJobs = [],
        ClaimedCount = 0,
        ActiveMiners = [],
        MinerCount = 0,
        OnlineMiners = 0,
        HeartbeatSeconds = 30,
        ClaimTimeoutSeconds = 300,
    };
}
