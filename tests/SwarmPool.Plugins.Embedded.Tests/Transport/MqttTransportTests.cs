using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Plugins.Embedded.Transport.Mqtt;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Tests.Transport;

public sealed class MqttTransportTests : EmbeddedTransportSuite
{
    private readonly int port = FreePort();
    private ITransport daemon = null!;

    private string Url => $"mqtt://127.0.0.1:{port}";

    protected override ITransport Make() => Make(new EmbeddedTransportOptions { Url = Url, ConnectTimeoutSeconds = 20 });

    public override async ValueTask InitializeAsync()
    {
        daemon = Daemon();
        await daemon.StartAsync(default);
    }

    [Fact]
    public async Task A_subscription_survives_the_brokers_restart()
    {
        var (publisher, listener) = (await JoinAsync(), await JoinAsync());
        await using var subscription = await listener.PubSub.SubscribeAsync("/p.eth/t", default);
        await daemon.DisposeAsync();
        await ThrowsAsync(TransportFault.Unavailable, async () => await publisher.PubSub.PublishAsync("/p.eth/t", new byte[] { 1 }, default));
        daemon = Daemon();
        await daemon.StartAsync(default);
        var arrives = NextAsync(subscription);
        for (byte i = 2; !arrives.IsCompleted; i++)
        {
            await Task.WhenAny(arrives, TryPublishAsync(publisher, i));
            await Task.WhenAny(arrives, Task.Delay(100));
        }

        Assert.InRange((await arrives).Payload.Span[0], 2, 255);
    }

    [Fact]
    public async Task A_miner_may_be_started_before_the_daemon()
    {
        await daemon.DisposeAsync();
        var early = JoinAsync();
        await Task.Delay(300);
        Assert.False(early.IsCompleted);
        daemon = Daemon();
        await daemon.StartAsync(default);
        var party = await early;
        await using var subscription = await party.PubSub.SubscribeAsync("/p.eth/t", default);
        await daemon.PubSub.PublishAsync("/p.eth/t", new byte[] { 7 }, default);
        Assert.Equal(7, (await NextAsync(subscription)).Payload.Span[0]);
    }

    [Fact]
    public async Task Its_link_follows_the_broker_and_names_it_without_a_secret()
    {
        var party = Make(new EmbeddedTransportOptions { Url = $"mqtt://u:hunter2@127.0.0.1:{port}", ConnectTimeoutSeconds = 20 });
        var link = party.Link!;
        Assert.Equal(("the MQTT broker", Url, TimeSpan.FromSeconds(20)), (link.To, link.Where, link.StartPatience));
        Assert.False(link.Current.IsUp);
        await party.StartAsync(default);
        await UntilAsync(link, isUp: true);

        await daemon.DisposeAsync();
        await UntilAsync(link, isUp: false);
        Assert.NotNull(link.Current.Problem);
        daemon = Daemon();
        await daemon.StartAsync(default);
        await UntilAsync(link, isUp: true);
        Assert.Null(link.Current.Problem);
    }

    [Fact]
    public async Task No_broker_in_time_says_where_and_the_mend()
    {
        await daemon.DisposeAsync();
        var alone = Make(new EmbeddedTransportOptions { Url = $"mqtt://u:hunter2@127.0.0.1:{port}", ConnectTimeoutSeconds = 1 });
        var fault = await ThrowsAsync(TransportFault.Unavailable, async () => await alone.StartAsync(default));
        Assert.Contains(Url, fault.Message);
        Assert.Contains("'broker': true", fault.Message);
        Assert.DoesNotContain("hunter2", fault.Message);
    }

    [Fact]
    public async Task A_start_that_failed_may_be_tried_again()
    {
        await daemon.DisposeAsync();
        var party = Make(new EmbeddedTransportOptions { Url = Url, ConnectTimeoutSeconds = 1 });
        await ThrowsAsync(TransportFault.Unavailable, async () => await party.StartAsync(default));
        daemon = Daemon();
        await daemon.StartAsync(default);

        await party.StartAsync(default);
        await using var subscription = await party.PubSub.SubscribeAsync("/p.eth/t", default);
        await daemon.PubSub.PublishAsync("/p.eth/t", new byte[] { 7 }, default);
        Assert.Equal(7, (await NextAsync(subscription)).Payload.Span[0]);
    }

    [Fact]
    public async Task A_taken_port_is_named_with_the_mend()
    {
        var fault = await ThrowsAsync(TransportFault.Unavailable, async () => await Daemon().StartAsync(default));
        Assert.Contains($"Port {port}", fault.Message);
        Assert.Contains("'url'", fault.Message);
    }

    [Fact]
    public async Task The_daemon_is_told_who_published_and_nobody_can_forge_it()
    {
        var (one, two) = (await JoinAsync(), await JoinAsync());
        await using var subscription = await daemon.PubSub.SubscribeAsync("/p.eth/t", default);
        await one.PubSub.PublishAsync("/p.eth/t", default, default);
        var first = (await NextAsync(subscription)).Peer;
        await one.PubSub.PublishAsync("/p.eth/t", default, default);
        Assert.Equal(first, (await NextAsync(subscription)).Peer);
        await two.PubSub.PublishAsync("/p.eth/t", default, default);
        Assert.NotEqual(first, (await NextAsync(subscription)).Peer);
        Assert.NotEqual("", first);

        using var forger = new MQTTnet.MqttClientFactory().CreateMqttClient();
        await forger.ConnectAsync(new MQTTnet.MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("forger").WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500).Build());
        await forger.PublishAsync(new MQTTnet.MqttApplicationMessageBuilder().WithTopic("/p.eth/t").WithUserProperty("swarmpool-peer", "somebody-else"u8.ToArray().AsMemory()).Build());
        var forged = (await NextAsync(subscription)).Peer;
        Assert.DoesNotContain(forged, (string[])["", "forger", "somebody-else", first]);
    }

    [Fact]
    public async Task A_broker_with_a_password_lets_nobody_in_without_it()
    {
        var guarded = FreePort();
        await using var broker = new MqttBroker(new BrokerAddress("127.0.0.1", guarded, Tls: false, "pool", "secret"), NullLogger.Instance, TimeProvider.System);
        await broker.StartAsync();
        var wrong = Make(new EmbeddedTransportOptions { Url = $"mqtt://pool:guess@127.0.0.1:{guarded}", ConnectTimeoutSeconds = 1 });
        await ThrowsAsync(TransportFault.Unavailable, async () => await wrong.StartAsync(default));
        var right = Make(new EmbeddedTransportOptions { Url = $"mqtt://127.0.0.1:{guarded}", User = "pool", Password = "secret" });
        await right.StartAsync(default);
    }

    [Fact]
    public async Task The_broker_hangs_up_on_a_packet_that_announces_too_much_and_serves_the_others()
    {
        using var hostile = new TcpClient();
        await hostile.ConnectAsync(IPAddress.Loopback, port);
        // CONNECT with a remaining length of 268,435,455 bytes, the most MQTT can say.
        await hostile.GetStream().WriteAsync(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0x7F });
        // Well before the 15 s after which the broker gives up on any silent client.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(8));
        Assert.Equal(0, await ReadOrResetAsync(hostile, limit.Token));
        var party = await JoinAsync();
        await party.PubSub.PublishAsync("/p.eth/t", new byte[] { 1 }, default);
    }

    private static async Task<int> ReadOrResetAsync(TcpClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1], cancellationToken);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task UntilAsync(TransportLink link, bool isUp)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await foreach (var now in link.WatchAsync(limit.Token))
        {
            if (now.IsUp == isUp)
            {
                return;
            }
        }
    }

    private static async Task TryPublishAsync(ITransport party, byte value)
    {
        try
        {
            await party.PubSub.PublishAsync("/p.eth/t", new[] { value }, default);
        }
        catch (TransportException fault) when (fault.Fault == TransportFault.Unavailable)
        {
            // Not yet back: the protocol repeats itself, and so does this test.
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private ITransport Daemon() => Make(new EmbeddedTransportOptions { Url = Url, Broker = true });
}
