using System.Buffers;
using System.Text;
using MQTTnet;
using MQTTnet.Protocol;
using Microsoft.Extensions.Logging;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>Publish and subscribe over an MQTT broker, at QoS 1, in a session that starts clean at each connect.</summary>
internal sealed class MqttPubSub : IPubSub, IAsyncDisposable
{
    private readonly SubscriptionTable table = new();
    private readonly SemaphoreSlim changing = new(1, 1);
    private readonly MqttConnection connection;
    private readonly TimeSpan patience;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly bool peerIsTold;

    /// <param name="address">The broker.</param>
    /// <param name="patience">How long the start and a subscription wait for it.</param>
    /// <param name="peerIsTold">
    /// Whether the broker's word on who published counts: only the one in this process throws forged words away.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public MqttPubSub(BrokerAddress address, TimeSpan patience, bool peerIsTold, TimeProvider time, ILogger logger)
    {
        this.patience = patience;
        this.peerIsTold = peerIsTold;
        this.time = time;
        this.logger = logger;
        connection = new MqttConnection(address, patience, time, logger, RestoreAsync);
        connection.Client.ApplicationMessageReceivedAsync += OnMessageAsync;
    }

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

    public async ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken)
    {
        PubSubRules.CheckTopic(topic);
        var subscription = new SubscriptionQueue(topic, MessageLimits.Held, LeaveAsync);
        table.Add(subscription);
        try
        {
            await TellBrokerAsync(topic, cancellationToken);
            return subscription;
        }
        catch
        {
            await subscription.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        foreach (var subscription in table.All())
        {
            await subscription.DisposeAsync();
        }
    }

    private async Task TellBrokerAsync(string topic, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        Exception? last = null;
        while (true)
        {
            try
            {
                await connection.WhenConnectedAsync(linked.Token);
                await changing.WaitAsync(linked.Token);
                try
                {
                    await SubscribeAsync(connection.Client, topic, linked.Token);
                    return;
                }
                finally
                {
                    changing.Release();
                }
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw connection.Unavailable(last);
            }
            catch (Exception fault) when (MqttConnection.IsConnectionFault(fault))
            {
                // Lost meanwhile; the reconnect subscribes to what is in the table, and a second time does no harm.
                last = fault;
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, linked.Token);
            }
        }
    }

    private async Task RestoreAsync(IMqttClient client, CancellationToken cancellationToken)
    {
        foreach (var topic in table.Topics)
        {
            await SubscribeAsync(client, topic, cancellationToken);
        }
    }

    private static async Task SubscribeAsync(IMqttClient client, string topic, CancellationToken cancellationToken)
    {
        var answer = await client.SubscribeAsync(topic, MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken);
        foreach (var item in answer.Items)
        {
            if (item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2)
            {
                throw new TransportException(TransportFault.Unavailable, $"The MQTT broker refused the subscription to {topic}: {item.ResultCode}.");
            }
        }
    }

    private async ValueTask LeaveAsync(SubscriptionQueue subscription)
    {
        if (!table.Remove(subscription) || !connection.Client.IsConnected)
        {
            return;
        }

        await changing.WaitAsync();
        try
        {
            // Another may have come for the topic meanwhile.
            if (!table.Topics.Contains(subscription.Topic))
            {
                await connection.Client.UnsubscribeAsync(subscription.Topic);
            }
        }
        catch (Exception fault) when (MqttConnection.IsConnectionFault(fault) || fault is OperationCanceledException)
        {
            // Not connected: the session was clean, so the broker has forgotten the topic already.
        }
        finally
        {
            changing.Release();
        }
    }

    private Task OnMessageAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        var message = received.ApplicationMessage;
        if (message.Payload.Length > PubSubRules.MessageBytes)
        {
            Log.MessageTooLarge(logger, message.Payload.Length, message.Topic);
            return Task.CompletedTask;
        }

        var payload = message.Payload.IsSingleSegment ? message.Payload.FirstSpan : message.Payload.ToArray();
        table.Deliver(message.Topic, payload, peerIsTold ? Peer(message) : "");
        return Task.CompletedTask;
    }

    private static string Peer(MqttApplicationMessage message)
    {
        var told = message.UserProperties?.Find(static property => property.Name == MqttBroker.PeerProperty);
        return told is null ? "" : Encoding.UTF8.GetString(told.ValueBuffer.Span);
    }
}
