using SwarmPool.IpfsNodes;
using SwarmPool.Plugins.Ipfs.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Tests;

/// <summary>Nodes that are killed and come back. Their own, since others must not be disturbed.</summary>
public sealed class RestartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_subscription_survives_the_restart_of_either_node_and_a_party_may_start_before_its_node()
    {
        Assert.SkipWhen(Nodes.Foreign is not null, "The nodes are yours: this test stops and starts them.");
        await using var near = await IpfsNode.StartAsync();
        await using var far = await IpfsNode.StartAsync();
        await near.KillAsync();
        await using var listener = Party.Make(Options(near, far));
        var starting = listener.StartAsync(default).AsTask();
        await near.RestartAsync();
        await starting;
        await using var publisher = Party.Make(Options(far));
        await publisher.StartAsync(default);
        await using var subscription = await listener.PubSub.SubscribeAsync("/p.eth/t", default);
        var messages = subscription.ReadAllAsync(CancellationToken.None).GetAsyncEnumerator();
        await HearsAsync(publisher, messages, 1);

        var link = listener.Link!;
        Assert.Equal(("the IPFS node", near.Api.TrimEnd('/'), true), (link.To, link.Where, link.Current.IsUp));
        await near.KillAsync();
        await UntilAsync(link, isUp: false);
        await near.RestartAsync();
        await HearsAsync(publisher, messages, 2);
        await UntilAsync(link, isUp: true);

        await far.KillAsync();
        var fault = await Party.ThrowsAsync(TransportFault.Unavailable, async () => await publisher.PubSub.PublishAsync("/p.eth/t", new byte[] { 9 }, default));
        Assert.Contains(far.Api, fault.Message);
        await far.RestartAsync();
        await HearsAsync(publisher, messages, 3);
    }

    private static async Task UntilAsync(TransportLink link, bool isUp)
    {
        using var limit = new CancellationTokenSource(Patience);
        await foreach (var now in link.WatchAsync(limit.Token))
        {
            if (now.IsUp == isUp)
            {
                return;
            }
        }
    }

    // Says it until it is heard, as the protocol does.
    private static async Task HearsAsync(ITransport publisher, IAsyncEnumerator<PubSubMessage> messages, byte number)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var next = messages.MoveNextAsync().AsTask();
            while (!next.IsCompleted)
            {
                await publisher.PubSub.PublishAsync("/p.eth/t", new[] { number }, limit.Token);
                await Task.WhenAny(next, Task.Delay(200, limit.Token));
                limit.Token.ThrowIfCancellationRequested();
            }

            Assert.True(await next);
            if (messages.Current.Payload.Span[0] == number)
            {
                return;
            }
        }
    }

    private static IpfsOptions Options(IpfsNode node, params IpfsNode[] peers)
    {
        var options = new IpfsOptions { Api = node.Api, ConnectTimeoutSeconds = 60 };
        foreach (var peer in peers)
        {
            options.Peers.Add(peer.Address);
        }

        return options;
    }
}
