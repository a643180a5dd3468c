using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Plugins.Ipfs.Tests.Support;
using SwarmPool.Testing.Transport;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Tests;

/// <summary>The transport's contract on real nodes, one a party.</summary>
public sealed class IpfsConformanceTests(Nodes nodes) : TransportSuite
{
    private int made;

    protected override ITransport Make() => Party.Make(nodes.Options(made++));

    // A node sends to those that it knows to listen; it hears of that a moment after they began.
    protected override async ValueTask ConnectAsync(string topic, IReadOnlyList<ITransport> parties, CancellationToken cancellationToken)
    {
        var first = new PubSubCalls(Party.Channel(nodes.Apis[0]));
        while (nodes.Apis.Count > 1 && (await first.PeersAsync(topic, cancellationToken)).Count == 0 && !await ListensItselfAsync(topic, cancellationToken))
        {
            await Task.Delay(20, cancellationToken);
        }
    }

    private async Task<bool> ListensItselfAsync(string topic, CancellationToken cancellationToken)
    {
        var channel = Party.Channel(nodes.Apis[0]);
        var own = await channel.CallAsync(new RpcCall("pubsub/ls"), AnswerJson.Default.StringList, cancellationToken);
        return own.Strings?.Contains(Multibase.Encode(topic)) == true;
    }
}
