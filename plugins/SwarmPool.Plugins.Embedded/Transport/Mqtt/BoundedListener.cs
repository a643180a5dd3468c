using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Server;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>Listens for the broker's clients: so many at a time, each over a <see cref="BoundedChannel"/>.</summary>
internal sealed class BoundedListener(IPEndPoint endPoint, int maxClients, int maxPacketBytes, ILogger logger) : IMqttServerAdapter
{
    private readonly CancellationTokenSource stop = new();
    private Socket? listener;
    private Task accepting = Task.CompletedTask;
    private int clients;

    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger netLogger)
    {
        ArgumentNullException.ThrowIfNull(options);
        listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(endPoint);
            listener.Listen(maxClients);
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
                if (Volatile.Read(ref clients) >= maxClients)
                {
                    EmbeddedLog.BrokerRefused(logger, $"{socket.RemoteEndPoint}", $"{maxClients} clients are connected already");
                    socket.Dispose();
                    continue;
                }

                Interlocked.Increment(ref clients);
                socket.NoDelay = true;
                _ = ServeAsync(socket, options, netLogger);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException && stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket, MqttServerOptions options, IMqttNetLogger netLogger)
    {
        try
        {
            using var channel = new BoundedChannel(socket, maxPacketBytes);
            var formatter = new MqttPacketFormatterAdapter(new MqttBufferWriter(options.WriterBufferSize, options.WriterBufferSizeMax));
            using var adapter = new MqttChannelAdapter(channel, formatter, netLogger);
            await ClientHandler!(adapter);
        }
        catch (Exception fault)
        {
            EmbeddedLog.BrokerFault(logger, fault);
        }
        finally
        {
            Interlocked.Decrement(ref clients);
        }
    }
}
