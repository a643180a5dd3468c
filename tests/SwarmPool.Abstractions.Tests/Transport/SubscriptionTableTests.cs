using SwarmPool.Transport;

namespace SwarmPool.Tests.Transport;

public sealed class SubscriptionTableTests
{
    [Fact]
    public async Task A_message_reaches_each_subscriber_of_its_topic_and_nobody_else()
    {
        var table = new SubscriptionTable();
        SubscriptionQueue[] queues = [Queue("a"), Queue("a"), Queue("b")];
        Assert.Equal([1, 2, 1], queues.Select(table.Add));
        table.Deliver("a", [7], "peer");
        table.Deliver("nobody", [8], "peer");
        Assert.Equal([1, 1, 0], await CountsAsync(queues));
        Assert.Equal(["a", "b"], table.Topics.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_left_hears_nothing_and_a_topic_goes_with_its_last()
    {
        var table = new SubscriptionTable();
        SubscriptionQueue[] queues = [Queue("a"), Queue("a")];
        foreach (var queue in queues)
        {
            table.Add(queue);
        }

        Assert.Equal(1, table.Remove(queues[0]));
        table.Deliver("a", [7], "");
        Assert.Equal(1, table.Remove(queues[0]));
        Assert.Same(queues[1], Assert.Single(table.Subscriptions));
        Assert.Equal(0, table.Remove(queues[1]));
        Assert.Equal(0, table.Remove(queues[1]));
        Assert.Empty(table.Topics);
        Assert.Equal([0, 1], await CountsAsync(queues));
    }

    private static SubscriptionQueue Queue(string topic) => new(topic, SubscriptionQueue.LeastHeld, static _ => ValueTask.CompletedTask);

    private static async Task<List<int>> CountsAsync(SubscriptionQueue[] queues)
    {
        var counts = new List<int>();
        foreach (var queue in queues)
        {
            await queue.DisposeAsync();
            var count = 0;
            await foreach (var _ in queue.ReadAllAsync(CancellationToken.None))
            {
                count++;
            }

            counts.Add(count);
        }

        return counts;
    }
}
