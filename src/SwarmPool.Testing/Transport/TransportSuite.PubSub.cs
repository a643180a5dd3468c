using System.Buffers.Binary;
using SwarmPool.Transport;

namespace SwarmPool.Testing.Transport;

/// <content>Publish and subscribe.</content>
public abstract partial class TransportSuite
{
    private const int LeastHeld = 1024;

    [Fact]
    public async Task A_message_reaches_every_subscriber_of_its_topic_and_no_other()
    {
        var (publisher, first, second) = (await JoinAsync(), await JoinAsync(), await JoinAsync());
        var (jobs, news) = (Topic("jobs"), Topic("jobs/new"));
        await using var one = await ListenAsync(first, jobs);
        await using var two = await ListenAsync(second, jobs);
        await using var twice = await ListenAsync(second, jobs);
        await using var other = await ListenAsync(second, news);
        await ConnectAsync(jobs);
        await ConnectAsync(news);

        await PublishAsync(publisher, jobs, [1, 2, 3], one, two, twice);
        await PublishAsync(publisher, news, [9], other);

        foreach (var ear in new[] { one, two, twice })
        {
            Assert.All(ear.Heard(), message => Assert.Equal((jobs, "010203"), (message.Topic, Convert.ToHexString(message.Payload.Span))));
        }

        Assert.All(other.Heard(), message => Assert.Equal((news, "09"), (message.Topic, Convert.ToHexString(message.Payload.Span))));
        Assert.All(other.Heard(), message => Assert.NotNull(message.Peer));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(64 * 1024)]
    [InlineData(int.MaxValue)]
    public async Task A_message_of_any_allowed_size_arrives_whole(int bytes)
    {
        var (publisher, listener) = (await JoinAsync(), await JoinAsync());
        Assert.InRange(publisher.PubSub.MaxMessageBytes, 64 * 1024, int.MaxValue);
        var topic = Topic("size");
        await using var ear = await ListenAsync(listener, topic);
        await ConnectAsync(topic);
        await PublishAsync(publisher, topic, Fresh(Math.Min(bytes, publisher.PubSub.MaxMessageBytes)), ear);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_and_the_next_one_goes_through()
    {
        var party = await JoinAsync();
        var topic = Topic("limit");
        await using var ear = await ListenAsync(party, topic);
        var tooLarge = new byte[party.PubSub.MaxMessageBytes + 1];
        await ThrowsAsync(TransportFault.TooLarge, async () => await party.PubSub.PublishAsync(topic, tooLarge, default));
        await party.PubSub.PublishAsync(topic, new byte[] { 1 }, default);
        Assert.DoesNotContain(ear.Heard(), message => message.Payload.Length > 1);
    }

    [Theory]
    [InlineData("#")]
    [InlineData("+")]
    [InlineData("*")]
    [InlineData("**")]
    [InlineData(">")]
    public async Task A_topic_is_no_pattern(string pattern)
    {
        var (publisher, listener) = (await JoinAsync(), await JoinAsync());
        ISubscription subscription;
        try
        {
            subscription = await listener.PubSub.SubscribeAsync(Topic(pattern), default);
        }
        catch (ArgumentException)
        {
            return; // Refused: as good as taken literally.
        }

        await using var wide = SubscriptionRecorder.On(subscription);
        await using var exact = await ListenAsync(listener, Topic("jobs"));
        await ConnectAsync(Topic("jobs"));
        await ConnectAsync(Topic(pattern));
        await PublishAsync(publisher, Topic("jobs"), [1], exact);

        // Its own literal topic comes after, so whatever a pattern would have brought has been read by then.
        await PublishAsync(publisher, Topic(pattern), [2], wide);
        Assert.False(wide.Has([1]), $"A subscription to {pattern} hears other topics.");
    }

    [Fact]
    public async Task A_publisher_may_use_its_buffer_again_at_once()
    {
        var (publisher, listener) = (await JoinAsync(), await JoinAsync());
        var topic = Topic("buffer");
        await using var ear = await ListenAsync(listener, topic);
        await ConnectAsync(topic);
        await PublishAsync(publisher, topic, [7, 7, 7, 7], ear);

        var buffer = new byte[4];
        for (byte i = 10; i < 60; i++)
        {
            buffer.AsSpan().Fill(i);
            await publisher.PubSub.PublishAsync(topic, buffer, default);
            buffer.AsSpan().Clear();
        }

        await PublishAsync(publisher, topic, [8, 8, 8, 8], ear);
        Assert.All(ear.Heard(), message =>
        {
            Assert.Equal(4, message.Payload.Length);
            Assert.NotEqual(0, message.Payload.Span[0]);
            Assert.Equal(-1, message.Payload.Span.IndexOfAnyExcept(message.Payload.Span[0]));
        });
    }

    [Fact]
    public async Task Many_publish_at_once_and_every_message_arrives()
    {
        var (first, second, listener) = (await JoinAsync(), await JoinAsync(), await JoinAsync());
        var topic = Topic("crowd");
        await using var ear = await ListenAsync(listener, topic);
        await ConnectAsync(topic);
        var said = Enumerable.Range(0, 64).Select(_ => Fresh(600)).ToArray();
        await Task.WhenAll(said.Select((payload, i) => PublishAsync(i % 2 == 0 ? first : second, topic, payload, ear)));
        var expected = said.Select(Convert.ToHexString).ToHashSet(StringComparer.Ordinal);
        Assert.All(ear.Heard(), message => Assert.Contains(Convert.ToHexString(message.Payload.Span), expected));
    }

    [Fact]
    public async Task A_slow_reader_loses_the_oldest_and_they_are_counted()
    {
        var (publisher, listener) = (await JoinAsync(), await JoinAsync());
        var topic = Topic("flood");
        await using var witness = await ListenAsync(listener, topic);
        await using var slow = await listener.PubSub.SubscribeAsync(topic, default);
        await ConnectAsync(topic);
        await PublishAsync(publisher, topic, Number(-1), witness);
        Assert.Equal(0, slow.Dropped);

        using var limit = new CancellationTokenSource(Patience);
        for (var i = 0; slow.Dropped < 100; i++)
        {
            // In steps, so that a transport that holds much is not run over before it could count.
            await publisher.PubSub.PublishAsync(topic, Number(i), limit.Token);
            if (i % 256 == 255)
            {
                await PublishAsync(publisher, topic, Fresh(16), witness);
            }
        }

        byte[] end = [.. "end"u8, .. Fresh(16)];
        await PublishAsync(publisher, topic, end, witness);
        await using var late = SubscriptionRecorder.On(slow);
        await PublishAsync(publisher, topic, end, late);
        Assert.True(late.Heard().Count >= LeastHeld, $"{late.Heard().Count} messages were held for a slow reader; at least {LeastHeld} have to be.");
        Assert.False(late.Has(Number(-1)), "The oldest message is still there, though some were dropped.");
        var newest = witness.Heard().Where(message => message.Payload.Length == 4).TakeLast(LeastHeld / 2).ToList();
        Assert.All(newest, message => Assert.True(late.Has(message.Payload.Span), "One of the newest messages was dropped, and an older one kept."));
    }

    [Fact]
    public async Task A_fast_reader_loses_nothing()
    {
        var (publisher, listener) = (await JoinAsync(), await JoinAsync());
        var topic = Topic("fast");
        await using var subscription = await listener.PubSub.SubscribeAsync(topic, default);
        await using var ear = SubscriptionRecorder.On(subscription);
        await ConnectAsync(topic);
        for (var i = 0; i < 200; i++)
        {
            await PublishAsync(publisher, topic, Number(i), ear);
        }

        Assert.Equal(0, subscription.Dropped);
        Assert.Equal(topic, subscription.Topic);
    }

    [Fact]
    public async Task Disposing_a_subscription_ends_its_reading_and_no_other()
    {
        var (publisher, listener) = (await JoinAsync(), await JoinAsync());
        var topic = Topic("leave");
        await using var stays = await ListenAsync(listener, topic);
        var goes = await listener.PubSub.SubscribeAsync(topic, default);
        await using var going = SubscriptionRecorder.On(goes);
        await ConnectAsync(topic);
        await PublishAsync(publisher, topic, [1], stays, going);
        await goes.DisposeAsync();
        await goes.DisposeAsync();
        await going.Ended.WaitAsync(Patience);
        await PublishAsync(publisher, topic, [2], stays);
        Assert.False(going.Has([2]));
    }

    [Fact]
    public async Task Cancelling_a_read_throws_and_a_cancelled_call_leaves_the_party_usable()
    {
        var (publisher, listener) = (await JoinAsync(), await JoinAsync());
        var topic = Topic("cancel");
        await using var subscription = await listener.PubSub.SubscribeAsync(topic, default);
        using var reading = new CancellationTokenSource();
        var next = subscription.ReadAllAsync(reading.Token).GetAsyncEnumerator(CancellationToken.None).MoveNextAsync().AsTask();
        await reading.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(Patience));

        var cancelled = new CancellationToken(canceled: true);
        await IgnoringCancellationAsync(async () => await publisher.PubSub.PublishAsync(topic, new byte[] { 1 }, cancelled));
        await IgnoringCancellationAsync(async () => await (await listener.PubSub.SubscribeAsync(topic, cancelled)).DisposeAsync());
        await using var ear = await ListenAsync(listener, topic);
        await ConnectAsync(topic);
        await PublishAsync(publisher, topic, [2], ear);
    }

    [Fact]
    public async Task A_disposed_party_publishes_nothing_and_the_others_go_on()
    {
        var (leaver, publisher, listener) = (await JoinAsync(), await JoinAsync(), await JoinAsync());
        var topic = Topic("gone");
        await using var ear = await ListenAsync(listener, topic);
        var open = SubscriptionRecorder.On(await leaver.PubSub.SubscribeAsync(topic, default));
        await leaver.DisposeAsync();
        await leaver.DisposeAsync();
        await Task.WhenAny(open.Ended).WaitAsync(Patience);
        var fault = await Assert.ThrowsAnyAsync<Exception>(async () => await leaver.PubSub.PublishAsync(topic, new byte[] { 1 }, default));
        Assert.True(fault is TransportException or ObjectDisposedException, $"{fault.GetType()} is neither a TransportException nor an ObjectDisposedException.");
        await ConnectAsync(topic);
        await PublishAsync(publisher, topic, [2], ear);
        Assert.False(ear.Has([1]));
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>A call with a cancelled token may go through or be cancelled; anything else is a fault.</summary>
    private static async Task IgnoringCancellationAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (OperationCanceledException)
        {
            // One of the two allowed outcomes.
        }
    }
}
