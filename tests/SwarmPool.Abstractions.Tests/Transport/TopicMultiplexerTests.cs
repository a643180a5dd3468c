using System.Collections.Concurrent;
using SwarmPool.Transport;

namespace SwarmPool.Tests.Transport;

public sealed class TopicMultiplexerTests : IAsyncDisposable
{
    private const string Topic = "/p.eth/jobs";
    private readonly ConcurrentQueue<Feed> feeds = new();
    private readonly TopicMultiplexer topics;

    public TopicMultiplexerTests() => topics = new TopicMultiplexer("the server", SubscriptionQueue.LeastHeld, topic =>
    {
        var feed = new Feed(topic);
        feeds.Enqueue(feed);
        return feed;
    });

    public ValueTask DisposeAsync() => topics.DisposeAsync();

    [Fact]
    public async Task Subscribers_of_a_topic_share_one_feed_until_the_last_has_left()
    {
        var first = await SubscribeAsync();
        var second = await SubscribeAsync();
        var other = await SubscribeAsync("/p.eth/state");
        Assert.Equal([Topic, "/p.eth/state"], feeds.Select(static feed => feed.Topic));
        await first.DisposeAsync();
        Assert.False(feeds.First().IsClosed);
        topics.Deliver(Topic, [1, 2], "peer");
        var message = await NextAsync(second);
        Assert.Equal(("peer", 2), (message.Peer, message.Payload.Length));
        await second.DisposeAsync();
        Assert.Equal([true, false], feeds.Select(static feed => feed.IsClosed));
        Assert.Equal(["/p.eth/state"], topics.Topics);
        await other.DisposeAsync();
    }

    [Fact]
    public async Task Each_subscriber_waits_until_the_feed_listens()
    {
        var opening = new TaskCompletionSource();
        var slow = new TopicMultiplexer("the server", SubscriptionQueue.LeastHeld, topic => new Feed(topic) { Listening = opening.Task });
        var first = slow.SubscribeAsync(Topic, default).AsTask();
        var second = slow.SubscribeAsync(Topic, default).AsTask();
        Assert.False(first.IsCompleted || second.IsCompleted);
        opening.SetResult();
        Assert.Equal([Topic, Topic], (await Task.WhenAll(first, second)).Select(static one => one.Topic));
        await slow.DisposeAsync();
    }

    [Fact]
    public async Task What_a_feed_delivers_while_it_is_opened_is_heard()
    {
        TopicMultiplexer? eager = null;
        eager = new TopicMultiplexer("the server", SubscriptionQueue.LeastHeld, topic =>
        {
            eager!.Deliver(topic, [7], "peer");
            return new Feed(topic);
        });
        await using var subscription = await eager.SubscribeAsync(Topic, default);
        Assert.Equal(7, (await NextAsync(subscription)).Payload.Span[0]);
        await eager.DisposeAsync();
    }

    [Fact]
    public async Task A_feed_that_cannot_be_opened_leaves_nobody_behind()
    {
        var broken = new TopicMultiplexer("the server", SubscriptionQueue.LeastHeld, _ => throw new InvalidOperationException("a bug"));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await broken.SubscribeAsync(Topic, default));
        Assert.Empty(broken.Topics);
        await broken.DisposeAsync();
    }

    [Fact]
    public async Task A_feed_that_cannot_listen_is_closed_and_opened_anew_for_the_next()
    {
        var fault = new TransportException(TransportFault.Unavailable, "no");
        var failing = new Feed(Topic) { Listening = Task.FromException(fault) };
        var opened = new Queue<Feed>([failing, new Feed(Topic)]);
        var flaky = new TopicMultiplexer("the server", SubscriptionQueue.LeastHeld, _ => opened.Dequeue());
        Assert.Same(fault, await Assert.ThrowsAsync<TransportException>(async () => await flaky.SubscribeAsync(Topic, default)));
        Assert.True(failing.IsClosed);
        Assert.Empty(flaky.Topics);
        Assert.Equal(Topic, (await flaky.SubscribeAsync(Topic, default)).Topic);
        Assert.Empty(opened);
    }

    [Fact]
    public async Task The_next_feed_of_a_topic_is_opened_only_when_the_last_one_is_closed()
    {
        var closing = new TaskCompletionSource();
        var first = await SubscribeAsync();
        feeds.Single().Closing = closing.Task;
        var leaving = first.DisposeAsync().AsTask();
        var again = topics.SubscribeAsync(Topic, default).AsTask();
        var given = topics.SubscribeAsync(Topic, new CancellationToken(canceled: true)).AsTask();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Single(feeds);
        Assert.False(again.IsCompleted);
        closing.SetResult();
        await leaving;
        topics.Deliver(Topic, [], "");
        await (await again).DisposeAsync();
        Assert.Equal([true, true], feeds.Select(static feed => feed.IsClosed));
    }

    [Fact]
    public async Task A_feed_that_fails_to_close_does_not_hold_up_the_next()
    {
        var first = await SubscribeAsync();
        feeds.Single().Closing = Task.FromException(new InvalidOperationException("a bug"));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await first.DisposeAsync());
        await using var second = await SubscribeAsync();
        Assert.Equal(2, feeds.Count);
    }

    [Fact]
    public async Task Disposing_ends_all_and_waits_until_every_feed_is_closed()
    {
        var kept = await SubscribeAsync();
        var left = await SubscribeAsync("/p.eth/state");
        var closing = new TaskCompletionSource();
        feeds.Last().Closing = closing.Task;
        var leaving = left.DisposeAsync().AsTask();
        var disposing = topics.DisposeAsync().AsTask();
        await foreach (var _ in kept.ReadAllAsync(default))
        {
            Assert.Fail("Nothing was published.");
        }

        Assert.False(disposing.IsCompleted);
        closing.SetResult();
        await Task.WhenAll(leaving, disposing);
        Assert.Equal([true, true], feeds.Select(static feed => feed.IsClosed));
        var fault = await Assert.ThrowsAsync<TransportException>(() => SubscribeAsync());
        Assert.Equal((TransportFault.Unavailable, "This party has left the server."), (fault.Fault, fault.Message));
        Assert.Throws<TransportException>(topics.ThrowIfDisposed);
        await topics.DisposeAsync();
    }

    [Fact]
    public async Task What_is_no_topic_opens_nothing()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => SubscribeAsync("/p.eth/#"));
        Assert.Empty(feeds);
    }

    [Fact]
    public async Task Coming_and_going_at_once_never_leaves_two_feeds_open_or_a_subscriber_without_one()
    {
        var open = 0;
        var most = 0;
        var busy = new TopicMultiplexer("the server", SubscriptionQueue.LeastHeld, topic =>
        {
            most = Math.Max(most, Interlocked.Increment(ref open));
            return new Feed(topic) { Closed = () => Interlocked.Decrement(ref open), Yields = true };
        });
        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), async (_, cancellationToken) =>
        {
            await using var subscription = await busy.SubscribeAsync(Topic, cancellationToken);
            Assert.Equal(1, Volatile.Read(ref open));
        });
        Assert.Equal((0, 1), (open, most));
    }

    private async Task<ISubscription> SubscribeAsync(string topic = Topic) => await topics.SubscribeAsync(topic, TestContext.Current.CancellationToken);

    private static async Task<PubSubMessage> NextAsync(ISubscription subscription)
    {
        await foreach (var message in subscription.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            return message;
        }

        throw new InvalidOperationException("The subscription has ended.");
    }

    private sealed class Feed(string topic) : ITopicFeed
    {
        public string Topic => topic;

        public Task Listening { get; init; } = Task.CompletedTask;

        public Task Closing { get; set; } = Task.CompletedTask;

        public Action? Closed { get; init; }

        public bool Yields { get; init; }

        public bool IsClosed { get; private set; }

        public Task ListenAsync(CancellationToken cancellationToken) => Listening.WaitAsync(cancellationToken);

        public async ValueTask DisposeAsync()
        {
            Assert.False(IsClosed);
            if (Yields)
            {
                await Task.Yield();
            }

            await Closing;
            Closed?.Invoke();
            IsClosed = true;
        }
    }
}
