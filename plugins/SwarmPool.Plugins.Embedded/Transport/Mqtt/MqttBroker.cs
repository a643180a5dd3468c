using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>
/// The broker inside the daemon: no retained messages, no sessions that outlive a connection, bounded in clients, packets and the bytes that
/// wait for them (<see cref="BrokerLimits"/>). The process that runs it is no client of it: it publishes and hears in here, and nobody can
/// crowd it out or take its place.
/// </summary>
internal sealed class MqttBroker : IAsyncDisposable
{
    private const int MaxPendingMessages = 16_384;
    private const int MaxClientIdChars = 128;

    // What a message costs beside its bytes while it waits.
    private const int Overhead = 512;

    // Whoever connects and says nothing, or takes nothing, is dropped after this.
    private static readonly TimeSpan ClientAnswers = TimeSpan.FromSeconds(15);

    private readonly BrokerAddress address;
    private readonly IPEndPoint endPoint;
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly RefusalLog log;
    private readonly MqttServer server;
    private readonly BoundedListener listener;
    private readonly BrokerConnections connections;
    private readonly BrokerTopics topics;
    private readonly TopicMultiplexer own;

    // By this the server tells our own messages from others': new with each broker, and never on the wire.
    private readonly string self = $"self-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
    private bool started;

    public MqttBroker(BrokerAddress address, ILogger logger, TimeProvider time, BrokerLimits? limits = null)
    {
        (this.address, this.logger, this.time) = (address, logger, time);
        log = new RefusalLog(logger, time);
        limits ??= new BrokerLimits();
        endPoint = new IPEndPoint(address.ListenOn!, address.Port);
        own = new TopicMultiplexer($"the MQTT broker {address}", MessageLimits.Held, _ => OwnFeed.Instance);
        topics = new BrokerTopics(() => own.Topics);
        connections = new BrokerConnections(limits, time, log);
        listener = new BoundedListener(endPoint, connections, limits.FirstPacketBytes, MessageLimits.PacketBytes, logger);
        var options = new MqttServerOptionsBuilder()
            .WithoutDefaultEndpoint()
            .WithMaxPendingMessagesPerClient(MaxPendingMessages)
            .WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy.DropOldestQueuedMessage)
            .WithPersistentSessions(false)
            .WithDefaultCommunicationTimeout(ClientAnswers)
            .Build();
        server = new MqttServer(options, [listener], new MqttNetNullLogger());
        server.ValidatingConnectionAsync += ValidateAsync;
        server.InterceptingPublishAsync += PublishedAsync;
        server.InterceptingSubscriptionAsync += SubscribeAsync;
        server.InterceptingUnsubscriptionAsync += UnsubscribeAsync;
        server.InterceptingClientEnqueueAsync += EnqueueAsync;
        server.QueuedApplicationMessageOverwrittenAsync += OverwrittenAsync;
        server.InterceptingInboundPacketAsync += InboundAsync;
        server.InterceptingOutboundPacketAsync += OutboundAsync;
    }

    /// <summary>The broker's clients.</summary>
    public BrokerConnections Connections => connections;

    /// <exception cref="TransportException">The port is in use, or unavailable.</exception>
    public async Task StartAsync()
    {
        await server.StartAsync();
        started = true;
        EmbeddedLog.BrokerListens(logger, endPoint.ToString());
    }

    /// <summary>Publishes to all clients and to whoever listens in this process.</summary>
    public async ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        own.ThrowIfDisposed();
        if (!started)
        {
            throw new TransportException(TransportFault.Unavailable, $"The MQTT broker {address} is not running.");
        }

        topics.Own(topic);
        var message = new MqttApplicationMessage { Topic = topic, Payload = new ReadOnlySequence<byte>(payload.ToArray()) };
        await server.InjectApplicationMessage(new InjectedMqttApplicationMessage(message) { SenderClientId = self }, cancellationToken);
    }

    /// <summary>Hears what clients, and this process itself, publish on a topic.</summary>
    public ValueTask<ISubscription> ListenAsync(string topic, CancellationToken cancellationToken)
    {
        PubSubRules.CheckTopic(topic);
        topics.Own(topic);
        return own.SubscribeAsync(topic, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await own.DisposeAsync();
        if (started)
        {
            started = false;
            await server.StopAsync(new MqttServerStopOptions());
        }

        server.Dispose();
        listener.Dispose();
    }

    private static bool Same(string? expected, string? given) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(expected ?? "")),
        SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")));

    private static long CostOf(string topic, long payload) => payload + (2 * topic.Length) + Overhead;

    private Task ValidateAsync(ValidatingConnectionEventArgs connection)
    {
        if ((address.User is not null || address.Password is not null)
            && !(Same(address.User, connection.UserName) & Same(address.Password, connection.Password))) // Both are compared, so that the time taken does not tell which was wrong.
        {
            Refuse(connection, MqttConnectReasonCode.BadUserNameOrPassword, "wrong user or password");
        }
        else if (connection.ClientId is { Length: > MaxClientIdChars } || connection.ClientId?.Any(char.IsControl) == true)
        {
            Refuse(connection, MqttConnectReasonCode.ClientIdentifierNotValid, $"a client id has at most {MaxClientIdChars} characters and no control characters");
        }
        else if (listener.Find(connection.ChannelAdapter) is not { } known || !connections.TryName(known, NameOf(connection)))
        {
            // Not told apart from an id that was never valid: nobody learns here which ids are in use.
            Refuse(connection, MqttConnectReasonCode.ClientIdentifierNotValid, "this client id can't be had; connect with a random one");
        }

        return Task.CompletedTask;
    }

    // A client that names none is given one, which is as random as any.
    private static string NameOf(ValidatingConnectionEventArgs connection) => string.IsNullOrEmpty(connection.ClientId)
        ? connection.AssignedClientIdentifier = $"given-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}"
        : connection.ClientId;

    private async Task PublishedAsync(InterceptingPublishEventArgs published)
    {
        var message = published.ApplicationMessage;
        message.Retain = false;
        message.UserProperties = null;
        var payload = message.Payload.IsSingleSegment ? message.Payload.First : message.Payload.ToArray();
        if (published.ClientId == self)
        {
            own.Deliver(message.Topic, payload.Span, "daemon");
            return;
        }

        var connection = connections.Find(published.ClientId);
        if (connection is null || payload.Length > PubSubRules.MessageBytes || !topics.MayPublish(message.Topic))
        {
            published.ProcessPublish = false;
            published.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
            return;
        }

        connection.HasPublished = true;
        own.Deliver(message.Topic, payload.Span, connection.Peer);
        var wait = connection.Pace.Charge(payload.Length);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, published.CancellationToken); // The connection's own reader waits: whoever sends too fast is read more slowly.
        }
    }

    private Task SubscribeAsync(InterceptingSubscriptionEventArgs asked)
    {
        var connection = connections.Find(asked.ClientId);
        if (connection is null || !topics.MaySubscribe(asked.TopicFilter.Topic))
        {
            asked.ProcessSubscription = false;
            asked.Response.ReasonCode = MqttSubscribeReasonCode.NotAuthorized;
        }
        else if (!connections.TryAddTopic(connection))
        {
            asked.ProcessSubscription = false;
            asked.Response.ReasonCode = MqttSubscribeReasonCode.QuotaExceeded;
        }
        else
        {
            // No session outlives its connection, so an acknowledgement buys a client nothing, and one that sends none would have all that it ever got kept here.
            asked.TopicFilter.QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce;
            asked.Response.ReasonCode = MqttSubscribeReasonCode.GrantedQoS0;
        }

        return Task.CompletedTask;
    }

    private Task UnsubscribeAsync(InterceptingUnsubscriptionEventArgs asked)
    {
        if (connections.Find(asked.ClientId) is { } connection)
        {
            connections.RemoveTopic(connection);
        }

        return Task.CompletedTask;
    }

    private Task EnqueueAsync(InterceptingClientApplicationMessageEnqueueEventArgs asked)
    {
        var receiver = connections.Find(asked.ReceiverClientId);
        asked.AcceptEnqueue = receiver is not null && connections.TryQueue(receiver, CostOf(asked.ApplicationMessage.Topic, asked.ApplicationMessage.Payload.Length));
        return Task.CompletedTask;
    }

    private Task OverwrittenAsync(QueueMessageOverwrittenEventArgs lost)
    {
        Unqueue(lost.ReceiverClientId, lost.Packet);
        return Task.CompletedTask;
    }

    private Task InboundAsync(InterceptingPacketEventArgs packet)
    {
        if (connections.Find(packet.ClientId) is not { } connection)
        {
            return Task.CompletedTask;
        }

        if (packet.Packet is MqttPublishPacket { TopicAlias: > 0 })
        {
            connection.Close(); // Up to 65,535 topics would be kept for it. Our own clients use none.
        }
        else if (packet.Packet is MqttPublishPacket { QualityOfServiceLevel: > MqttQualityOfServiceLevel.AtMostOnce } or MqttSubscribePacket or MqttUnsubscribePacket or MqttPingReqPacket or MqttPubRelPacket)
        {
            connections.CountAnswer(connection, 1);
        }

        return Task.CompletedTask;
    }

    private Task OutboundAsync(InterceptingPacketEventArgs packet)
    {
        if (packet.Packet is MqttPublishPacket)
        {
            Unqueue(packet.ClientId, packet.Packet);
        }
        else if (connections.Find(packet.ClientId) is { } connection)
        {
            connections.CountAnswer(connection, -1);
        }

        return Task.CompletedTask;
    }

    private void Unqueue(string clientId, MqttPacket packet)
    {
        if (packet is MqttPublishPacket publish && connections.Find(clientId) is { } connection)
        {
            connections.Unqueue(connection, CostOf(publish.Topic, publish.Payload.Length));
        }
    }

    private void Refuse(ValidatingConnectionEventArgs connection, MqttConnectReasonCode code, string reason)
    {
        connection.ReasonCode = code;
        connection.ReasonString = reason;
        log.Refused($"{connection.RemoteEndPoint}", reason);
    }

    /// <summary>What this process hears comes without a connection: there is nothing to open or to close.</summary>
    private sealed class OwnFeed : ITopicFeed
    {
        public static OwnFeed Instance { get; } = new();

        public Task ListenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
