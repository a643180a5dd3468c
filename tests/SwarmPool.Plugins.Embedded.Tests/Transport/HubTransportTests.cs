using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Tests.Transport;

public sealed class HubTransportTests : EmbeddedTransportSuite
{
    protected override ITransport Make() => On(Folder.Path);

    [Fact]
    public async Task Hubs_of_different_names_hear_nothing_of_each_other_and_peers_are_told_apart()
    {
        var here = await JoinAsync();
        var elsewhere = On("elsewhere-" + Folder.Path);
        await elsewhere.StartAsync(default);
        var alsoHere = await JoinAsync();
        await using var subscription = await here.PubSub.SubscribeAsync("/p.eth/t", default);
        await elsewhere.PubSub.PublishAsync("/p.eth/t", new byte[] { 1 }, default);
        await here.PubSub.PublishAsync("/p.eth/t", new byte[] { 2 }, default);
        await alsoHere.PubSub.PublishAsync("/p.eth/t", new byte[] { 3 }, default);
        var (first, second) = (await NextAsync(subscription), await NextAsync(subscription));
        Assert.Equal((2, 3), (first.Payload.Span[0], second.Payload.Span[0]));
        Assert.NotEqual(first.Peer, second.Peer);
    }

    [Fact]
    public async Task A_party_that_left_can_not_publish_and_its_subscriptions_end()
    {
        var party = await JoinAsync();
        var subscription = await party.PubSub.SubscribeAsync("/p.eth/t", default);
        await party.DisposeAsync();
        await foreach (var message in subscription.ReadAllAsync(default))
        {
            Assert.Fail($"{message} came after the end");
        }

        await ThrowsAsync(TransportFault.Unavailable, async () => await party.PubSub.PublishAsync("/p.eth/t", default, default));
    }

    private ITransport On(string hub) => Make(new EmbeddedTransportOptions { Transport = EmbeddedTransportKind.Hub, Hub = hub });
}
