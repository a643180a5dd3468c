using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Server;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>Listens for the broker's clients: those that <see cref="BrokerConnections"/> has a place for, each over a <see cref="BoundedChannel"/>.</summary>
internal sealed class BoundedListener(IPEndPoint endPoint, BrokerConnections connections, int firstPacketBytes, int maxPacketBytes, ILogger logger) : IMqttServerAdapter
{
    private const int Backlog = 512;

    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<IMqttChannelAdapter, BrokerConnection> byAdapter = new();
    private Socket? listener;
    private Task accepting = Task.CompletedTask;

    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <summary>Which connection the server speaks of.</summary>
    public BrokerConnection? Find(IMqttChannelAdapter adapter) => byAdapter.GetValueOrDefault(adapter);

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger netLogger)
    {
        ArgumentNullException.ThrowIfNull(options);
        listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(endPoint);
            listener.Listen(Backlog);
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new TransportException(
                TransportFault.Unavailable,
                $"Port {endPoint.Port} on {endPoint.Address} is in use already, so the broker can't listen there. Is a daemon running? Stop it, give 'url' another port, or set 'broker' to false to use the broker that is there.",
                fault);
        }
        catch (SocketException fault)
        {
            throw new TransportException(TransportFault.Unavailable, $"The broker can't listen on {endPoint}: {fault.Message}. Fix the option 'url'.", fault);
        }

        accepting = AcceptAsync(options, netLogger);
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        listener?.Dispose();
        await accepting;
    }

    public void Dispose()
    {
        listener?.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync(MqttServerOptions options, IMqttNetLogger netLogger)
    {
        try
        {
            while (true)
            {
                var socket = await listener!.AcceptAsync(stop.Token);
                if (Enter(socket) is { } connection)
                {
                    _ = ServeAsync(socket, connection, options, netLogger);
                }
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException && stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    // One that is gone before it is served must not end the listening.
    private BrokerConnection? Enter(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            return connections.Enter(socket);
        }
        catch (SocketException fault)
        {
            EmbeddedLog.BrokerFault(logger, fault);
            socket.Dispose();
            return null;
        }
    }

    private async Task ServeAsync(Socket socket, BrokerConnection connection, MqttServerOptions options, IMqttNetLogger netLogger)
    {
        IMqttChannelAdapter? known = null;
        try
        {
            using var channel = new BoundedChannel(socket, firstPacketBytes, maxPacketBytes);
            var formatter = new MqttPacketFormatterAdapter(new MqttBufferWriter(options.WriterBufferSize, options.WriterBufferSizeMax));
            using var adapter = new MqttChannelAdapter(channel, formatter, netLogger);
            byAdapter[known = adapter] = connection;
            await ClientHandler!(adapter);
        }
        catch (Exception fault)
        {
            EmbeddedLog.BrokerFault(logger, fault);
        }
        finally
        {
            if (known is not null)
            {
                byAdapter.TryRemove(known, out _);
            }

            connections.Forget(connection);
        }
    }
}
