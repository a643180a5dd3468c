using CsCheck;
using SwarmPool.Runtime.Daemon.Ingress;
using SwarmPool.Runtime.Daemon.Observing;

namespace SwarmPool.Load.Tests;

public class FairQueueTests
{
    private const int Body = 744; // with the overhead, 1,000 a message

    private readonly IngressCounters counters = new();
    private readonly List<string> dropped = [];

    [Fact]
    public void Takes_turns_among_peers()
    {
        var queue = New(100_000);
        Add(queue, "a", 3);
        Add(queue, "b", 2);
        Add(queue, "c", 1);

        Assert.Equal(["a", "b", "c", "a", "b", "a"], Drain(queue));
        Assert.Equal(0, counters.Waiting);
    }

    [Fact]
    public void A_flood_by_one_peer_loses_its_own_messages_and_nobody_elses()
    {
        var queue = New(10_000);
        Add(queue, "flood", 100);
        Add(queue, "b", 5);
        Add(queue, "flood", 100);

        Assert.All(dropped, peer => Assert.Equal("flood", peer));
        Assert.Equal(195, dropped.Count);
        Assert.Equal(5, Drain(queue).Count(peer => peer == "b"));
    }

    [Fact]
    public void A_flood_by_many_peers_leaves_a_place_for_one_more()
    {
        var queue = New(100_000);
        for (var round = 0; round < 10; round++)
        {
            for (var peer = 0; peer < 50; peer++)
            {
                Add(queue, $"flood{peer}", 1);
            }
        }

        Add(queue, "honest", 1);

        Assert.DoesNotContain("honest", dropped);
        Assert.True(Drain(queue).IndexOf("honest") <= 51, "it waited for more than one turn of every other peer");
    }

    [Fact]
    public void Peers_that_cannot_be_told_apart_are_served_in_order_and_lose_what_comes_last()
    {
        var queue = New(3_000);
        Add(queue, "", 5);

        Assert.Equal(2, dropped.Count);
        Assert.Equal(3, Drain(queue).Count);
    }

    [Fact]
    public void A_message_larger_than_the_queue_is_dropped()
    {
        var queue = New(1_000);
        queue.Add(new IngressMessage("jobs", new byte[5_000], "a"));

        Assert.Equal(["a"], dropped);
        Assert.False(queue.TryTake(out _, out _));
    }

    [Fact]
    public void Whatever_comes_nothing_is_lost_unsaid_room_is_never_exceeded_and_a_peer_within_its_share_loses_nothing() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 2_000], Gen.Bool).Array[1, 400].Sample(steps =>
        {
            const int Capacity = 10_000;
            var (tally, lost) = (new IngressCounters(), new List<IngressMessage>());
            var queue = new FairQueue(Capacity, lost.Add, tally);
            var (added, taken) = (0, 0);
            foreach (var (peer, size, take) in steps)
            {
                queue.Add(new IngressMessage("jobs", new byte[size], $"peer{peer}"));
                added++;
                taken += take && queue.TryTake(out _, out _) ? 1 : 0;
                Assert.True(tally.Waiting * FairQueue.Overhead <= Capacity);
                Assert.Equal(added, taken + lost.Count + tally.Waiting);
            }

            while (queue.TryTake(out _, out _))
            {
                taken++;
            }

            Assert.Equal(added, taken + lost.Count);
            Assert.Equal(0, tally.Waiting);
        });

    [Fact]
    public async Task Every_reader_is_woken_until_all_is_read()
    {
        var queue = New(10_000_000);
        using var stop = new CancellationTokenSource();
        var read = 0;
        var all = new TaskCompletionSource();
        var readers = Enumerable.Range(0, 8).Select(_ => ReadAsync()).ToList();
        for (var peer = 0; peer < 20; peer++)
        {
            Add(queue, $"peer{peer}", 100);
        }

        await all.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await Task.WhenAll(readers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Assert.Equal(2_000, read);
        Assert.Empty(dropped);

        async Task ReadAsync()
        {
            await foreach (var item in queue.ReadAllAsync(stop.Token))
            {
                Assert.NotNull(item);
                if (Interlocked.Increment(ref read) == 2_000)
                {
                    all.SetResult();
                }

                await Task.Yield();
            }
        }
    }

    private FairQueue New(int capacity) => new(capacity, item => dropped.Add(item.Peer), counters);

    private static void Add(FairQueue queue, string peer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            queue.Add(new IngressMessage("jobs", new byte[Body], peer));
        }
    }

    private static List<string> Drain(FairQueue queue)
    {
        var peers = new List<string>();
        while (queue.TryTake(out var item, out _))
        {
            peers.Add(item.Peer);
        }

        return peers;
    }
}
