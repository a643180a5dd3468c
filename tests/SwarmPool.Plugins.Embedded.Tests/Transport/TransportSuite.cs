using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Plugins.Embedded.Transport;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Tests.Transport;

/// <summary>What the contract asks of any transport; a kind says how another party joins.</summary>
public abstract class TransportSuite : IAsyncLifetime
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly List<ITransport> parties = [];

    private protected TempFolder Folder { get; } = new();

    private protected string Blocks => Folder.File("blocks");

    /// <summary>Another party of this test's pool, not started.</summary>
    protected abstract ITransport Make();

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var party in parties)
        {
            await party.DisposeAsync();
        }

        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_message_reaches_every_subscriber_of_its_topic_and_no_other()
    {
        var (publisher, first, second) = (await JoinAsync(), await JoinAsync(), await JoinAsync());
        await using var one = await first.PubSub.SubscribeAsync("/p.eth/jobs", default);
        await using var two = await second.PubSub.SubscribeAsync("/p.eth/jobs", default);
        await using var twice = await second.PubSub.SubscribeAsync("/p.eth/jobs", default);
        await using var other = await second.PubSub.SubscribeAsync("/p.eth/jobs/new", default);
        await publisher.PubSub.PublishAsync("/p.eth/jobs", new byte[] { 1, 2, 3 }, default);
        await publisher.PubSub.PublishAsync("/p.eth/jobs/new", new byte[] { 9 }, default);
        foreach (var subscription in new[] { one, two, twice })
        {
            var message = await NextAsync(subscription);
            Assert.Equal(("/p.eth/jobs", "010203"), (message.Topic, Convert.ToHexString(message.Payload.Span)));
        }

        Assert.Equal("09", Convert.ToHexString((await NextAsync(other)).Payload.Span));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64 * 1024)]
    [InlineData(240 * 1024)]
    public async Task A_message_of_any_allowed_size_arrives_whole(int bytes)
    {
        var (publisher, listener) = (await JoinAsync(), await JoinAsync());
        await using var subscription = await listener.PubSub.SubscribeAsync("/p.eth/big", default);
        var payload = RandomNumberGenerator.GetBytes(bytes);
        await publisher.PubSub.PublishAsync("/p.eth/big", payload, default);
        Assert.Equal(payload, (await NextAsync(subscription)).Payload.ToArray());
        Assert.InRange(bytes, 0, publisher.PubSub.MaxMessageBytes);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused()
    {
        var party = await JoinAsync();
        await Throws(TransportFault.TooLarge, async () => await party.PubSub.PublishAsync("/p.eth/t", new byte[party.PubSub.MaxMessageBytes + 1], default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/p.eth/#")]
    [InlineData("/+/jobs")]
    [InlineData("$SYS/x")]
    public async Task A_topic_with_a_brokers_meaning_is_refused(string topic)
    {
        var party = await JoinAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await party.PubSub.SubscribeAsync(topic, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await party.PubSub.PublishAsync(topic, default, default));
    }

    [Fact]
    public async Task A_slow_reader_loses_the_oldest_and_they_are_counted()
    {
        var (publisher, listener) = (await JoinAsync(), await JoinAsync());
        await using var slow = await listener.PubSub.SubscribeAsync("/p.eth/flood", default);
        await using var witness = await listener.PubSub.SubscribeAsync("/p.eth/flood/end", default);
        for (var i = 0; i < MessageLimits.Held + 100; i++)
        {
            await publisher.PubSub.PublishAsync("/p.eth/flood", BitConverter.GetBytes(i), default);
        }

        await publisher.PubSub.PublishAsync("/p.eth/flood/end", default, default);
        await NextAsync(witness);
        Assert.Equal(100, slow.Dropped);
        Assert.Equal(100, BitConverter.ToInt32((await NextAsync(slow)).Payload.Span));
    }

    [Fact]
    public async Task Disposing_a_subscription_ends_its_reading_and_no_other()
    {
        var (publisher, listener) = (await JoinAsync(), await JoinAsync());
        await using var stays = await listener.PubSub.SubscribeAsync("/p.eth/t", default);
        var goes = await listener.PubSub.SubscribeAsync("/p.eth/t", default);
        await goes.DisposeAsync();
        await goes.DisposeAsync();
        await foreach (var message in goes.ReadAllAsync(default))
        {
            Assert.Fail($"{message} came after the end");
        }

        await publisher.PubSub.PublishAsync("/p.eth/t", new byte[] { 5 }, default);
        Assert.Equal(5, (await NextAsync(stays)).Payload.Span[0]);
        using var cancelled = new CancellationTokenSource(0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stays.ReadAllAsync(cancelled.Token).GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public async Task Content_put_by_one_party_is_had_by_another()
    {
        var (one, two) = (await JoinAsync(), await JoinAsync());
        var large = RandomNumberGenerator.GetBytes(600_000);
        foreach (var content in new[] { [], new byte[] { 1 }, large })
        {
            var cid = await one.Content.PutAsync(content, default);
            Assert.Equal(ContentAddress.Of(content), cid);
            Assert.Equal(cid, await two.Content.PutAsync(content, default));
            Assert.Equal(content, (await two.Content.GetAsync(cid, 1_000_000, default)).ToArray());
        }

        await Throws(TransportFault.TooLarge, async () => await two.Content.GetAsync(ContentAddress.Of(large), 599_999, default));
    }

    [Fact]
    public async Task A_pointer_is_seen_by_another_party()
    {
        var (one, two) = (await JoinAsync(), await JoinAsync());
        var (first, second) = (Cid.OfBlock([1]), Cid.OfBlock([2]));
        Assert.Null(await two.Content.ResolveAsync("p.eth/state", default));
        await one.Content.PointAsync("p.eth/state", first, default);
        await one.Content.PointAsync("../../escape", second, default);
        Assert.Equal(first, await two.Content.ResolveAsync("p.eth/state", default));
        Assert.Equal(second, await two.Content.ResolveAsync("../../escape", default));
        await two.Content.PointAsync("p.eth/state", second, default);
        Assert.Equal(second, await one.Content.ResolveAsync("p.eth/state", default));
    }

    [Fact]
    public async Task Pinning_is_idempotent()
    {
        var party = await JoinAsync();
        var cid = await party.Content.PutAsync(new byte[] { 1 }, default);
        await party.Content.PinAsync(cid, default);
        await party.Content.PinAsync(cid, default);
        await party.Content.UnpinAsync(cid, default);
        await party.Content.UnpinAsync(cid, default);
        Assert.Equal(1, (await party.Content.GetAsync(cid, 10, default)).Length);
    }

    private protected ITransport Make(EmbeddedTransportOptions options)
    {
        options.Blocks = Blocks;
        options.FetchWaitSeconds = 0;
        var party = TransportFactory.Create(options, Folder.Path, TimeProvider.System, NullLogger.Instance);
        parties.Add(party);
        return party;
    }

    private protected async Task<ITransport> JoinAsync()
    {
        var party = Make();
        await party.StartAsync(default);
        return party;
    }

    internal static async Task<PubSubMessage> NextAsync(ISubscription subscription)
    {
        using var limit = new CancellationTokenSource(Patience);
        await using var messages = subscription.ReadAllAsync(limit.Token).GetAsyncEnumerator(limit.Token);
        Assert.True(await messages.MoveNextAsync());
        return messages.Current;
    }

    internal static async Task<TransportException> Throws(TransportFault fault, Func<Task> work)
    {
        var thrown = await Assert.ThrowsAsync<TransportException>(work);
        Assert.Equal(fault, thrown.Fault);
        return thrown;
    }
}
