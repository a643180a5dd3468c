using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Plugins.Embedded.Transport;
using SwarmPool.Testing.Transport;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Tests.Transport;

/// <summary>What both kinds promise beyond the contract: nothing is lost, in order, and a broker's signs are no topics.</summary>
public abstract class EmbeddedTransportSuite : TransportSuite
{
    private readonly List<ITransport> made = [];

    private protected TempFolder Folder { get; } = new();

    private protected string Blocks => Folder.File("blocks");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var party in made)
        {
            await party.DisposeAsync();
        }

        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(240 * 1024)]
    public async Task One_message_is_heard_once(int bytes)
    {
        var (publisher, listener) = (await JoinAsync(), await JoinAsync());
        await using var subscription = await listener.PubSub.SubscribeAsync("/p.eth/t", default);
        await publisher.PubSub.PublishAsync("/p.eth/t", new byte[bytes], default);
        await publisher.PubSub.PublishAsync("/p.eth/t", new byte[] { 1 }, default);
        Assert.Equal(bytes, (await NextAsync(subscription)).Payload.Length);
        Assert.Equal(1, (await NextAsync(subscription)).Payload.Length);
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
    public async Task The_oldest_are_dropped_in_order_and_counted_to_the_last()
    {
        var (publisher, listener) = (await JoinAsync(), await JoinAsync());
        await using var slow = await listener.PubSub.SubscribeAsync("/p.eth/flood", default);
        await using var end = await listener.PubSub.SubscribeAsync("/p.eth/flood/end", default);
        for (var i = 0; i < MessageLimits.Held + 100; i++)
        {
            await publisher.PubSub.PublishAsync("/p.eth/flood", BitConverter.GetBytes(i), default);
        }

        await publisher.PubSub.PublishAsync("/p.eth/flood/end", default, default);
        await NextAsync(end);
        Assert.Equal(100, slow.Dropped);
        Assert.Equal(100, BitConverter.ToInt32((await NextAsync(slow)).Payload.Span));
    }

    private protected ITransport Make(EmbeddedTransportOptions options)
    {
        options.Blocks = Blocks;
        options.FetchWaitSeconds = 0;
        var party = TransportFactory.Create(options, Folder.Path, TimeProvider.System, NullLogger.Instance);
        made.Add(party);
        return party;
    }

    private protected async Task<PubSubMessage> NextAsync(ISubscription subscription)
    {
        using var limit = new CancellationTokenSource(Patience);
        await using var messages = subscription.ReadAllAsync(limit.Token).GetAsyncEnumerator(limit.Token);
        Assert.True(await messages.MoveNextAsync());
        return messages.Current;
    }
}
