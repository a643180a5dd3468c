using Microsoft.Extensions.Time.Testing;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Timing;
using SwarmPool.Runtime.Tests.Support;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>What a daemon goes by when its machine's clock jumps.</summary>
public sealed class SteadyTimeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider real = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly JumpingTime machine;
    private readonly SteadyTime time;
    private readonly List<ClockJump> told = [];

    public SteadyTimeTests()
    {
        machine = new JumpingTime(real);
        time = Clocks.Of(machine, Patience, told.Add);
        Assert.Equal(real.GetUtcNow(), time.GetUtcNow());
    }

    [Theory]
    [InlineData(7200)]
    [InlineData(-7200)]
    [InlineData(3)]
    public void A_jump_that_goes_back_had_no_effect(int seconds)
    {
        machine.Off = TimeSpan.FromSeconds(seconds);
        for (var i = 0; i < 20; i++)
        {
            real.Advance(Second);
            Assert.Equal(real.GetUtcNow(), time.GetUtcNow());
        }

        machine.Off = TimeSpan.Zero;
        Assert.Equal(real.GetUtcNow(), time.GetUtcNow());
        Assert.Equal([new(TimeSpan.FromSeconds(seconds), ClockJumpPhase.Noticed), new(TimeSpan.FromSeconds(seconds), ClockJumpPhase.GoneBack)], told);
    }

    [Theory]
    [InlineData(7200)]
    [InlineData(-7200)]
    public void A_jump_that_stays_is_accepted_after_a_while(int seconds)
    {
        machine.Off = TimeSpan.FromSeconds(seconds);
        Assert.Equal(real.GetUtcNow(), time.GetUtcNow());
        real.Advance(Patience - Second);
        Assert.Equal(real.GetUtcNow(), time.GetUtcNow());
        real.Advance(Second);
        Assert.Equal(real.GetUtcNow() + machine.Off, time.GetUtcNow());
        Assert.Equal([new(machine.Off, ClockJumpPhase.Noticed), new(machine.Off, ClockJumpPhase.Accepted)], told);
    }

    [Fact]
    public void Small_corrections_are_followed_as_they_come_and_not_told()
    {
        for (var i = 0; i < 100; i++)
        {
            machine.Off += TimeSpan.FromSeconds(i % 2 == 0 ? 1.5 : -1);
            real.Advance(Second);
            Assert.Equal(real.GetUtcNow() + machine.Off, time.GetUtcNow());
        }

        Assert.Empty(told);
    }

    [Fact]
    public async Task Decisions_wait_while_the_clock_is_ahead_and_not_when_it_is_behind()
    {
        machine.Off = TimeSpan.FromHours(-2);
        Assert.True(time.SureAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
        machine.Off = TimeSpan.FromHours(2);
        var waiting = time.SureAsync(CancellationToken.None).AsTask();
        real.Advance(10 * Second);
        Assert.False(waiting.IsCompleted);
        machine.Off = TimeSpan.Zero;
        real.Advance(Second);
        await waiting.WaitAsync(Support.Patience.Long);
    }

    [Fact]
    public async Task A_clock_that_has_no_rest_holds_up_nothing_for_longer_and_is_told_once()
    {
        machine.Off = TimeSpan.FromHours(1);
        var waiting = time.SureAsync(CancellationToken.None).AsTask();
        for (var i = 0; i < 31; i++)
        {
            Assert.False(waiting.IsCompleted && i < 29);
            machine.Off += TimeSpan.FromMinutes(1);
            real.Advance(Second);
            Assert.Equal(real.GetUtcNow(), time.GetUtcNow());
        }

        await waiting.WaitAsync(Support.Patience.Long);
        Assert.Single(told);
    }

    [Fact]
    public async Task Whoever_stops_waits_for_no_clock()
    {
        machine.Off = TimeSpan.FromHours(2);
        time.Hurry();
        await time.SureAsync(CancellationToken.None);
        Assert.Equal(real.GetUtcNow(), time.GetUtcNow());
    }

    [Fact]
    public void The_pools_time_never_goes_back_and_goes_on_at_half_speed_until_the_clock_has_caught_up()
    {
        var pool = new PoolTime(time);
        var start = real.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal(start, pool.At(0));
        var recorded = start + 60_000; // By a clock that was a minute ahead.
        Assert.Equal(recorded, pool.At(recorded));
        real.Advance(40 * Second);
        Assert.Equal(recorded + 20_000, pool.At(recorded));
        Assert.Equal(recorded + 20_000, pool.At(recorded + 1000));
        real.Advance(79 * Second);
        Assert.InRange(pool.At(recorded), recorded + 59_000, recorded + 60_000);
        real.Advance(10 * Second);
        Assert.Equal(real.GetUtcNow().ToUnixTimeMilliseconds(), pool.At(recorded));
    }
}
