using MQTTnet;
using MQTTnet.Protocol;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>A topic's subscription at the broker. It is lost with the connection, which subscribes again when it is back.</summary>
internal sealed class MqttTopicFeed(string topic, MqttConnection connection, TimeSpan patience, TimeProvider time) : ITopicFeed
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        Exception? last = null;
        try
        {
            while (!await TrySubscribeAsync(fault => last = fault, linked.Token))
            {
                await Task.Delay(RetryPause, time, linked.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw connection.Unavailable(last);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!connection.Client.IsConnected)
        {
            return;
        }

        try
        {
            await connection.Client.UnsubscribeAsync(topic);
        }
        catch (Exception fault) when (MqttConnection.IsConnectionFault(fault) || fault is OperationCanceledException)
        {
            // Not connected: the session was clean, so the broker has forgotten the topic already.
        }
    }

    /// <exception cref="TransportException">The broker refuses.</exception>
    public static async Task SubscribeAsync(IMqttClient client, string topic, CancellationToken cancellationToken)
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

    // False when the connection was lost meanwhile. The reconnect subscribes to every topic there is, and a second time does no harm.
    private async Task<bool> TrySubscribeAsync(Action<Exception> failed, CancellationToken cancellationToken)
    {
        try
        {
            await connection.WhenConnectedAsync(cancellationToken);
            await SubscribeAsync(connection.Client, topic, cancellationToken);
            return true;
        }
        catch (Exception fault) when (MqttConnection.IsConnectionFault(fault))
        {
            failed(fault);
            return false;
        }
    }
}
