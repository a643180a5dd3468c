using System.Buffers;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>Publish and subscribe over an MQTT broker of another process, at QoS 1, in a session that starts clean at each connect.</summary>
internal sealed class MqttPubSub : IPubSub, IAsyncDisposable
{
    private readonly TopicMultiplexer topics;
    private readonly MqttConnection connection;
    private readonly ILogger logger;

    /// <param name="address">The broker.</param>
    /// <param name="patience">How long the start and a subscription wait for it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public MqttPubSub(BrokerAddress address, TimeSpan patience, TimeProvider time, ILogger logger)
    {
        this.logger = logger;
        connection = new MqttConnection(address, patience, time, logger, RestoreAsync);
        connection.Client.ApplicationMessageReceivedAsync += OnMessageAsync;
        topics = new TopicMultiplexer($"the MQTT broker {address}", MessageLimits.Held, topic => new MqttTopicFeed(topic, connection, patience, time));
    }

    public TransportLink Link => connection.Link;

    public int MaxMessageBytes => PubSubRules.MessageBytes;

    public Task StartAsync(CancellationToken cancellationToken) => connection.StartAsync(cancellationToken);

    public async ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        PubSubRules.CheckTopic(topic);
        PubSubRules.CheckMessage(topic, payload.Length);
        var message = new MqttApplicationMessage
        {
            Topic = topic,
            Payload = new ReadOnlySequence<byte>(payload),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        };
        try
        {
            var answer = await connection.Client.PublishAsync(message, cancellationToken);
            if (!answer.IsSuccess)
            {
                throw new TransportException(TransportFault.Unavailable, $"The MQTT broker refused a message on {topic}: {answer.ReasonCode} {answer.ReasonString}".TrimEnd());
            }
        }
        catch (Exception fault) when (MqttConnection.IsConnectionFault(fault) || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw connection.Unavailable(fault);
        }
    }

    public ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken) => topics.SubscribeAsync(topic, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await topics.DisposeAsync();
    }

    private async Task RestoreAsync(IMqttClient client, CancellationToken cancellationToken)
    {
        foreach (var topic in topics.Topics)
        {
            await MqttTopicFeed.SubscribeAsync(client, topic, cancellationToken);
        }
    }

    private Task OnMessageAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        var message = received.ApplicationMessage;
        if (message.Payload.Length > PubSubRules.MessageBytes)
        {
            EmbeddedLog.MessageTooLarge(logger, message.Payload.Length, message.Topic);
            return Task.CompletedTask;
        }

        var payload = message.Payload.IsSingleSegment ? message.Payload.FirstSpan : message.Payload.ToArray();
        topics.Deliver(message.Topic, payload, ""); // Who published is a broker's word, which nobody has to believe.
        return Task.CompletedTask;
    }
}
