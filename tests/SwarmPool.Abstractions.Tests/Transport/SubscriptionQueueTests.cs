using SwarmPool.Transport;

namespace SwarmPool.Tests.Transport;

public sealed class SubscriptionQueueTests
{
    [Fact]
    public async Task A_slow_reader_loses_the_oldest_and_they_are_counted()
    {
        await using var queue = new SubscriptionQueue("/p.eth/jobs", SubscriptionQueue.LeastHeld, static _ => ValueTask.CompletedTask);
        for (var i = 0; i < SubscriptionQueue.LeastHeld + 3; i++)
        {
            queue.Deliver(BitConverter.GetBytes(i), "peer");
        }

        Assert.Equal(3, queue.Dropped);
        await foreach (var message in queue.ReadAllAsync(CancellationToken.None))
        {
            Assert.Equal(("/p.eth/jobs", 3, "peer"), (message.Topic, BitConverter.ToInt32(message.Payload.Span), message.Peer));
            break;
        }
    }

    [Fact]
    public async Task A_flood_of_large_messages_leaves_the_newest_within_the_bytes()
    {
        await using var queue = new SubscriptionQueue("t", SubscriptionQueue.LeastHeld, static _ => ValueTask.CompletedTask);
        var large = new byte[PubSubRules.MessageBytes];
        var sent = 10 * SubscriptionQueue.MostBytes / large.Length;
        for (var i = 1; i <= sent; i++)
        {
            BitConverter.TryWriteBytes(large, i);
            queue.Deliver(large, "flood");
        }

        queue.Deliver([7], "honest");
        await queue.DisposeAsync();
        var (bytes, last, honest) = (0L, 0, 0);
        await foreach (var message in queue.ReadAllAsync(CancellationToken.None))
        {
            if (message.Peer == "honest")
            {
                honest++;
                continue;
            }

            (bytes, last) = (bytes + message.Payload.Length, BitConverter.ToInt32(message.Payload.Span));
        }

        Assert.InRange(bytes, SubscriptionQueue.MostBytes / 2, SubscriptionQueue.MostBytes);
        Assert.Equal((sent, 1), (last, honest));
        Assert.Equal(sent - (bytes / large.Length), queue.Dropped);
    }

    [Fact]
    public async Task A_peer_that_floods_takes_nothing_from_another_and_its_turn_only_once_in_a_round()
    {
        await using var queue = new SubscriptionQueue("t", SubscriptionQueue.LeastHeld, static _ => ValueTask.CompletedTask);
        for (var i = 0; i < 10 * SubscriptionQueue.LeastHeld; i++)
        {
            queue.Deliver([1], "flood");
            if (i % 1000 == 0)
            {
                queue.Deliver(BitConverter.GetBytes(i), "honest");
            }
        }

        await queue.DisposeAsync();
        var heard = new List<PubSubMessage>();
        await foreach (var message in queue.ReadAllAsync(CancellationToken.None))
        {
            heard.Add(message);
        }

        Assert.Equal(SubscriptionQueue.LeastHeld, heard.Count);
        Assert.Equal([.. Enumerable.Range(0, 11).Select(i => 1000 * i)], heard.Where(m => m.Peer == "honest").Select(m => BitConverter.ToInt32(m.Payload.Span)));
        Assert.Equal(11, heard.Take(22).Count(m => m.Peer == "honest"));
        Assert.Equal((10 * SubscriptionQueue.LeastHeld) + 11 - heard.Count, queue.Dropped);
    }

    [Fact]
    public async Task Each_reader_has_a_copy_of_its_own()
    {
        await using var queue = new SubscriptionQueue("t", SubscriptionQueue.LeastHeld, static _ => ValueTask.CompletedTask);
        byte[] buffer = [1, 2];
        queue.Deliver(buffer, "");
        buffer.AsSpan().Clear();
        await foreach (var message in queue.ReadAllAsync(CancellationToken.None))
        {
            Assert.Equal([1, 2], message.Payload.ToArray());
            break;
        }
    }

    [Fact]
    public async Task Disposing_ends_the_reading_and_is_told_once()
    {
        var left = 0;
        var queue = new SubscriptionQueue("t", SubscriptionQueue.LeastHeld, _ =>
        {
            left++;
            return ValueTask.CompletedTask;
        });
        await queue.DisposeAsync();
        await queue.DisposeAsync();
        queue.Deliver([1], "");
        await foreach (var message in queue.ReadAllAsync(CancellationToken.None))
        {
            Assert.Fail($"{message} came after the end.");
        }

        Assert.Equal(1, left);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$SYS/x")]
    [InlineData("/p.eth/+")]
    [InlineData("/p.eth/#")]
    [InlineData("/p.eth/\0")]
    public void What_is_a_pattern_or_a_systems_topic_somewhere_is_no_topic(string topic) =>
        Assert.ThrowsAny<ArgumentException>(() => PubSubRules.CheckTopic(topic));

    [Fact]
    public void Limits_are_inclusive()
    {
        PubSubRules.CheckTopic(new string('t', 1024));
        Assert.ThrowsAny<ArgumentException>(() => PubSubRules.CheckTopic(new string('t', 1025)));
        PubSubRules.CheckMessage("t", PubSubRules.MessageBytes);
        Assert.Equal(TransportFault.TooLarge, Assert.Throws<TransportException>(() => PubSubRules.CheckMessage("t", PubSubRules.MessageBytes + 1)).Fault);
    }
}
