using SwarmPool.Identity;
using SwarmPool.Runtime.Daemon.Ingress;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

public sealed class HeartbeatDeduplicatorTests
{
    private static readonly EnsName Alice = EnsName.Parse("miner.alice.eth");

    [Fact]
    public void AHeartbeatCountsOnceAndNoneOlderThanTheLast()
    {
        var memory = new HeartbeatDeduplicator();

        Assert.True(memory.TryTake(Alice, 100, Beat(1)));
        Assert.True(memory.TryTake(Alice, 100, Beat(2))); // another job's, in the same second
        Assert.False(memory.TryTake(Alice, 100, Beat(1))); // recorded and played again
        Assert.True(memory.TryTake(Alice, 101, Beat(3)));
        Assert.False(memory.TryTake(Alice, 100, Beat(4)));
        Assert.True(memory.TryTake(EnsName.Parse("miner.bob.eth"), 100, Beat(1)));
    }

    [Fact]
    public void AMinersHeartbeatsOfOneSecondAreBounded()
    {
        var memory = new HeartbeatDeduplicator();
        var taken = Enumerable.Range(0, 1000).Count(i => memory.TryTake(Alice, 100, Beat(i)));

        Assert.Equal(64, taken);
    }

    private static Cid Beat(int i) => Cid.OfBlock(BitConverter.GetBytes(i));
}
