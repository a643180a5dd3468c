using SwarmPool.Identity;
using SwarmPool.Runtime.Daemon.Ingress;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

public sealed class HeartbeatDeduplicatorTests
{
    private static readonly EnsName Alice = EnsName.Parse("miner.alice.eth");
    private static readonly EthAddress Key = TestKeys.Of(Alice).Address;

    [Fact]
    public void AHeartbeatCountsOnceAndNoneOlderThanTheLast()
    {
        var memory = new HeartbeatDeduplicator();

        Assert.True(memory.TryTake(Alice, Key, 100, Beat(1)));
        Assert.True(memory.TryTake(Alice, Key, 100, Beat(2))); // another job's, in the same second
        Assert.False(memory.TryTake(Alice, Key, 100, Beat(1))); // recorded and played again
        Assert.True(memory.TryTake(Alice, Key, 101, Beat(3)));
        Assert.False(memory.TryTake(Alice, Key, 100, Beat(4)));
        Assert.True(memory.TryTake(EnsName.Parse("miner.bob.eth"), Key, 100, Beat(1)));
    }

    [Fact]
    public void AMinersHeartbeatsOfOneSecondAreBounded()
    {
        var memory = new HeartbeatDeduplicator();
        var taken = Enumerable.Range(0, 1000).Count(i => memory.TryTake(Alice, Key, 100, Beat(i)));

        Assert.Equal(64, taken);
    }

    [Fact]
    public void Issue15_row14_what_a_stolen_key_dated_ahead_holds_up_no_heartbeat_by_another_key()
    {
        var memory = new HeartbeatDeduplicator();
        Assert.True(memory.TryTake(Alice, TestKeys.Of(EnsName.Parse("stolen.eth")).Address, 400, Beat(1)));
        Assert.True(memory.TryTake(Alice, Key, 100, Beat(2)));
    }

    [Fact]
    public void A_flood_of_ten_times_its_bound_forgets_those_heard_longest_ago_and_no_recorded_one_counts_again()
    {
        var memory = new HeartbeatDeduplicator(100);
        Assert.True(memory.TryTake(Alice, Key, 5_000, Beat(0)));
        for (var i = 1; i <= 1_000; i++)
        {
            Assert.True(memory.TryTake(EnsName.Parse($"flood{i}.eth"), Key, 1_000 + i, Beat(i)));
            Assert.InRange(memory.Count, 1, 100);
        }

        Assert.False(memory.TryTake(Alice, Key, 5_000, Beat(0)));
        Assert.True(memory.TryTake(Alice, Key, 5_001, Beat(1)));
    }

    private static Cid Beat(int i) => Cid.OfBlock(BitConverter.GetBytes(i));
}
