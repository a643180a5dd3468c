using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>
/// The broker inside the daemon: no retained messages, no sessions that outlive a connection, bounded in clients,
/// packets and pending messages.
/// </summary>
internal sealed class MqttBroker : IAsyncDisposable
{
    /// <summary>The property by which this broker says who published. Whatever a publisher put there is thrown away.</summary>
    public const string PeerProperty = "swarmpool-peer";

    private const int MaxClients = 1024;
    private const int MaxPendingMessages = 1024;
    private const int MaxClientIdChars = 128;

    // Whoever connects and says nothing would keep one of the places taken for as long as this.
    private static readonly TimeSpan ClientAnswers = TimeSpan.FromSeconds(15);

    private readonly BrokerAddress address;
    private readonly IPEndPoint endPoint;
    private readonly ILogger logger;
    private readonly MqttServer server;
    private readonly BoundedListener listener;
    private bool started;

    public MqttBroker(BrokerAddress address, ILogger logger)
    {
        this.address = address;
        this.logger = logger;
        endPoint = new IPEndPoint(address.ListenOn!, address.Port);
        listener = new BoundedListener(endPoint, MaxClients, MessageLimits.PacketBytes, logger);
        var options = new MqttServerOptionsBuilder()
            .WithoutDefaultEndpoint()
            .WithMaxPendingMessagesPerClient(MaxPendingMessages)
            .WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy.DropOldestQueuedMessage)
            .WithPersistentSessions(false)
            .WithDefaultCommunicationTimeout(ClientAnswers)
            .Build();
        server = new MqttServer(options, [listener], new MqttNetNullLogger());
        server.ValidatingConnectionAsync += ValidateAsync;
        server.InterceptingPublishAsync += StampAsync;
    }

    /// <exception cref="SwarmPool.Transport.TransportException">The port is in use, or unavailable.</exception>
    public async Task StartAsync()
    {
        await server.StartAsync();
        started = true;
        EmbeddedLog.BrokerListens(logger, endPoint.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (started)
        {
            started = false;
            await server.StopAsync(new MqttServerStopOptions());
        }

        server.Dispose();
        listener.Dispose();
    }

    private static Task StampAsync(InterceptingPublishEventArgs published)
    {
        var message = published.ApplicationMessage;
        message.Retain = false;
        message.UserProperties = [new MqttUserProperty(PeerProperty, Encoding.UTF8.GetBytes(published.ClientId).AsMemory())];
        return Task.CompletedTask;
    }

    private static bool Same(string? expected, string? given) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(expected ?? "")),
        SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")));

    private Task ValidateAsync(ValidatingConnectionEventArgs connection)
    {
        if (address.User is not null || address.Password is not null)
        {
            // Both are compared, so that the time taken does not tell which was wrong.
            if (!(Same(address.User, connection.UserName) & Same(address.Password, connection.Password)))
            {
                Refuse(connection, MqttConnectReasonCode.BadUserNameOrPassword, "wrong user or password");
            }
        }

        if (connection.ClientId is { Length: > MaxClientIdChars } || connection.ClientId?.Any(char.IsControl) == true)
        {
            Refuse(connection, MqttConnectReasonCode.ClientIdentifierNotValid, $"a client id has at most {MaxClientIdChars} characters and no control characters");
        }

        return Task.CompletedTask;
    }

    private void Refuse(ValidatingConnectionEventArgs connection, MqttConnectReasonCode code, string reason)
    {
        connection.ReasonCode = code;
        connection.ReasonString = reason;
        EmbeddedLog.BrokerRefused(logger, $"{connection.RemoteEndPoint}", reason);
    }
}
