using Microsoft.Extensions.Time.Testing;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Messaging;

/// <summary>What time it is for the pool, as a party whose own clock is off can tell.</summary>
public sealed class PoolClockTests
{
    private static readonly DateTimeOffset Own = DateTimeOffset.UnixEpoch.AddYears(56);
    private readonly FakeTimeProvider time = new(Own);

    [Fact]
    public void IsThisMachinesTimeUntilThePoolIsHeard() =>
        Assert.Equal(Own.ToUnixTimeMilliseconds(), new PoolClock(time).NowMs);

    [Theory]
    [InlineData(-250)]
    [InlineData(250)]
    public void GoesOnFromWhatThePoolSaid(int secondsOff)
    {
        var clock = new PoolClock(time);
        clock.Hear(Said(Own.AddSeconds(secondsOff)));
        time.Advance(TimeSpan.FromMilliseconds(1500));
        Assert.Equal(Own.AddSeconds(secondsOff).AddMilliseconds(1500).ToUnixTimeMilliseconds(), clock.NowMs);
    }

    [Fact]
    public void WhatComesLateOrIsSaidAgainSetsNothingBack()
    {
        var clock = new PoolClock(time);
        clock.Hear(Said(Own.AddSeconds(20)));
        time.Advance(TimeSpan.FromSeconds(5));
        clock.Hear(Said(Own.AddSeconds(24)));
        clock.Hear(Said(Own.AddSeconds(-300)));
        Assert.Equal(Own.AddSeconds(25).ToUnixTimeMilliseconds(), clock.NowMs);
        clock.Hear(Said(Own.AddSeconds(40)));
        Assert.Equal(Own.AddSeconds(40).ToUnixTimeMilliseconds(), clock.NowMs);
    }

    [Fact]
    public void A_pool_whose_clock_was_ahead_and_is_set_right_is_followed_and_what_is_said_again_is_not()
    {
        var clock = new PoolClock(time);
        clock.Hear(Said(Own.AddHours(2), 1));
        for (var second = 1; second <= 90; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            clock.Hear(Said(Own.AddHours(2).AddSeconds(second / 2), second)); // At half speed.
            clock.Hear(Said(Own, 0));
        }

        Assert.InRange(clock.NowMs, Own.AddHours(2).AddSeconds(45).ToUnixTimeMilliseconds(), Own.AddHours(2).AddSeconds(45 + 16).ToUnixTimeMilliseconds());
        time.Advance(TimeSpan.FromSeconds(60));
        clock.Hear(Said(Own, 90));
        Assert.InRange(clock.NowMs, Own.AddHours(2).AddSeconds(105).ToUnixTimeMilliseconds(), long.MaxValue);
    }

    internal static Snapshot Said(DateTimeOffset at, long position = 1) => new JobsFailed
    {
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = at.ToUnixTimeSeconds(),
        Nonce = new string('0', 32),
        FromSequence = position,
        ToSequence = position,
        JournalHead = new string('0', 64),
        Items = [],
    };
}
