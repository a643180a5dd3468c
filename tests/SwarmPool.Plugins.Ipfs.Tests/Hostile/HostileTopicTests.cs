using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Plugins.Ipfs.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Tests.Hostile;

/// <summary>What a node may say on a topic besides messages.</summary>
public sealed class HostileTopicTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HostileNode node = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task Endless_lines_and_rubbish_are_skipped_and_messages_after_them_come()
    {
        node.On("pubsub/sub", async call =>
        {
            await call.PublishAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}\n");
            for (var i = 0; i < 400; i++)
            {
                await call.PublishAsync(new string('x', 16_384));
            }

            await call.PublishAsync("\nrubbish\n[]\n{\"from\":\"p\",\"data\":\"zNoBase64\"}\n{\"from\":\"p\",\"data\":\"u!\"}\n");
            await call.PublishAsync(Line("p", [0, 200, 1], "u1")); // An envelope that promises more than it holds.
            await call.PublishAsync(Line("p", new byte[PubSubRules.MessageBytes + 1].Select(_ => (byte)'x').ToArray(), "u2"));
            await call.PublishAsync(Line("p", [7], "u3"));
            await call.HangAsync();
        });
        await using var party = Party.Make(new IpfsOptions { Api = node.Api });
        await using var subscription = await party.PubSub.SubscribeAsync("/p.eth/t", default);
        var message = await NextAsync(subscription);
        Assert.Equal(("p", 7), (message.Peer, message.Payload.Span[0]));
    }

    [Fact]
    public async Task A_message_that_comes_twice_is_delivered_once_and_one_that_is_said_twice_twice()
    {
        node.On("pubsub/sub", async call =>
        {
            await call.PublishAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            await call.PublishAsync(Line("p", [1], "uAQ") + Line("p", [1], "uAQ") + Line("q", [2], "uAQ") + Line("p", [1], "uAg") + Line("p", [3], null) + Line("p", [3], null));
            await call.HangAsync();
        });
        await using var party = Party.Make(new IpfsOptions { Api = node.Api });
        await using var subscription = await party.PubSub.SubscribeAsync("/p.eth/t", default);
        using var limit = new CancellationTokenSource(Patience);
        var heard = new List<byte>();
        await foreach (var message in subscription.ReadAllAsync(limit.Token))
        {
            heard.Add(message.Payload.Span[0]);
            if (heard.Count == 5)
            {
                break;
            }
        }

        Assert.Equal([1, 2, 1, 3, 3], heard);
    }

    [Fact]
    public async Task A_stream_that_breaks_is_begun_anew_and_nobody_who_reads_it_notices()
    {
        var turn = 0;
        node.On("pubsub/sub", async call =>
        {
            var mine = (byte)Interlocked.Increment(ref turn);
            await call.PublishAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}\n" + Line("p", [mine], $"u{mine}"));
            await (mine % 2 == 0 ? call.ResetAsync() : call.PublishAsync("{\"from\":\"cut"));
        });
        await using var party = Party.Make(new IpfsOptions { Api = node.Api });
        await using var subscription = await party.PubSub.SubscribeAsync("/p.eth/t", default);
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(i, (await NextAsync(subscription)).Payload.Span[0]);
        }
    }

    [Fact]
    public async Task A_subscription_that_is_refused_fails_in_time_and_says_why()
    {
        node.On("pubsub/sub", 500, "application/json", """{"Message":"experimental pubsub feature not enabled"}""");
        await using var party = Party.Make(new IpfsOptions { Api = node.Api, ConnectTimeoutSeconds = 1 });
        var fault = await Party.ThrowsAsync(TransportFault.Unavailable, async () => await party.PubSub.SubscribeAsync("/p.eth/t", default));
        Assert.Contains("not enabled", fault.Message);
    }

    [Fact]
    public async Task Pubsub_that_is_off_is_said_at_the_start_with_the_mend()
    {
        node.On("id", 200, "application/json", """{"ID":"12D3","AgentVersion":"kubo/0.40.0"}""")
            .On("pubsub/peers", 500, "application/json", """{"Message":"experimental pubsub feature not enabled. Run daemon with --enable-pubsub-experiment to use.","Code":0,"Type":"error"}""");
        await using var party = Party.Make(new IpfsOptions { Api = node.Api });
        var fault = await Party.ThrowsAsync(TransportFault.Unavailable, async () => await party.StartAsync(default));
        Assert.Contains("Pubsub.Enabled true", fault.Message);
    }

    [Fact]
    public async Task No_node_in_time_says_where_and_what_to_look_at()
    {
        await node.DisposeAsync();
        await using var party = Party.Make(new IpfsOptions { Api = node.Api, ConnectTimeoutSeconds = 1 });
        var fault = await Party.ThrowsAsync(TransportFault.Unavailable, async () => await party.StartAsync(default));
        Assert.Contains(node.Api, fault.Message);
        Assert.Contains("'api'", fault.Message);
    }

    [Fact]
    public async Task That_nobody_listens_is_no_error()
    {
        node.On("pubsub/pub", 500, "application/json", """{"Message":"Failed to publish to topic /p.eth/t: PublishError.InsufficientPeers","Code":0,"Type":"error"}""");
        await using var party = Party.Make(new IpfsOptions { Api = node.Api });
        await party.PubSub.PublishAsync("/p.eth/t", new byte[] { 1 }, default);
        Assert.Equal(1, node.Calls);
    }

    private static string Line(string from, byte[] data, string? number) =>
        $$"""{"from":"{{from}}","data":"{{Multibase.Encode(data)}}",{{(number is null ? "" : $"\"seqno\":\"{number}\",")}}"topicIDs":["{{Multibase.Encode("/p.eth/t")}}"]}""" + "\n";

    private static async Task<PubSubMessage> NextAsync(ISubscription subscription)
    {
        using var limit = new CancellationTokenSource(Patience);
        await foreach (var message in subscription.ReadAllAsync(limit.Token))
        {
            return message;
        }

        throw new InvalidOperationException("The subscription ended.");
    }
}
