using System.Runtime.CompilerServices;
using System.Text.Json;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>The calls about topics.</summary>
internal sealed class PubSubCalls(RpcChannel channel)
{
    // A node passes messages of 1 MiB; in base64 and with what stands around it, a line has less than this.
    private const int MaxLineBytes = 1_536 * 1024;

    public NodeAddress Node => channel.Node;

    /// <summary>Publishes. That nobody subscribes is not an error.</summary>
    public async Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        try
        {
            await channel.CallAsync(new RpcCall("pubsub/pub", topic) { Body = payload }.Arg(Multibase.Encode(topic)), cancellationToken);
        }
        catch (TransportException e) when (e.InnerException is NodeErrorException error && error.Contains("InsufficientPeers"))
        {
            // So says js-ipfs; other nodes just send it to nobody.
        }
    }

    /// <summary>The peers that are known to listen to a topic.</summary>
    public async Task<IReadOnlyList<string>> PeersAsync(string topic, CancellationToken cancellationToken) =>
        (await channel.CallAsync(new RpcCall("pubsub/peers", topic).Arg(Multibase.Encode(topic)), AnswerJson.Default.StringList, cancellationToken)).Strings ?? [];

    /// <summary>What comes over a topic, until the node ends it or the token is cancelled.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="subscribed">Is called once the node listens.</param>
    /// <param name="skipped">Is called for a line that is too long or no message.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<NodeMessage> SubscribeAsync(
        string topic, Action subscribed, Action skipped, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = new RpcCall("pubsub/sub", topic).Arg(Multibase.Encode(topic));
        using var answer = await channel.OpenAsync(call, cancellationToken);
        subscribed();
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await using var lines = new LineReader(body, MaxLineBytes);
        for (var before = 0L; await NextAsync(call, lines, cancellationToken) is { } line;)
        {
            for (; before < lines.Skipped; before++)
            {
                skipped();
            }

            if (TryRead(line, out var message))
            {
                if (message.Data is not null)
                {
                    yield return message;
                }
            }
            else
            {
                skipped();
            }
        }
    }

    private async ValueTask<byte[]?> NextAsync(RpcCall call, LineReader lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw channel.Broken(call, e);
        }
    }

    private static bool TryRead(byte[] line, out NodeMessage message)
    {
        try
        {
            message = JsonSerializer.Deserialize(line, AnswerJson.Default.NodeMessage)!;
            return message is not null;
        }
        catch (JsonException)
        {
            message = null!;
            return false;
        }
    }
}
