using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>
/// A connection to a broker that comes back: once made, a loss is followed by attempts with growing pauses, without end.
/// </summary>
/// <remarks>Thread-safe. After each connect, before anyone is told of it, <paramref name="restore"/> subscribes again.</remarks>
internal sealed class MqttConnection(
    BrokerAddress address,
    TimeSpan patience,
    TimeProvider time,
    ILogger logger,
    Func<IMqttClient, CancellationToken, Task> restore) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim lost = new(0);
    private readonly Lock gate = new();
    private TaskCompletionSource connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task keeping = Task.CompletedTask;
    private bool disposed;

    public IMqttClient Client { get; } = new MqttClientFactory().CreateMqttClient();

    /// <summary>Whether the broker is reached.</summary>
    public TransportLink Link { get; } = new("the MQTT broker", $"{address}", patience);

    /// <exception cref="TransportException">No broker answered in time.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Client.DisconnectedAsync -= OnLostAsync; // A start that failed may be tried again.
        Client.DisconnectedAsync += OnLostAsync;
        using var limit = new CancellationTokenSource(patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token, stop.Token);
        Exception? last = null;
        try
        {
            await RetryAsync(fault => last = fault, linked.Token);
        }
        catch (OperationCanceledException fault) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TransportException(
                TransportFault.Unavailable,
                $"No MQTT broker answered at {address} within {patience.TotalSeconds:0} s ({(last ?? fault).GetBaseException().Message}). Start the daemon (it runs the broker with 'broker': true), or fix the option 'url'.",
                last ?? fault);
        }

        keeping = KeepAsync();
    }

    /// <summary>Waits until the connection is there.</summary>
    public Task WhenConnectedAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return connected.Task.WaitAsync(cancellationToken);
        }
    }

    public TransportException Unavailable(Exception? fault) =>
        new(TransportFault.Unavailable, $"There is no connection to the MQTT broker {address} now ({fault?.Message ?? "lost"}); reconnecting.", fault);

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        Client.DisconnectedAsync -= OnLostAsync;
        await stop.CancelAsync();
        await keeping;
        await Client.TryDisconnectAsync(MqttClientDisconnectOptionsReason.NormalDisconnection, "");
        Client.Dispose();
        stop.Dispose();
        lost.Dispose();
    }

    /// <summary>What MQTTnet throws when a broker does not answer or hangs up.</summary>
    public static bool IsConnectionFault(Exception fault) =>
        fault is MqttCommunicationException or MqttProtocolViolationException or IOException or InvalidOperationException
            or System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException or ObjectDisposedException;

    private async Task KeepAsync()
    {
        try
        {
            while (true)
            {
                await lost.WaitAsync(stop.Token);
                if (Client.IsConnected)
                {
                    continue;
                }

                lock (gate)
                {
                    if (connected.Task.IsCompleted)
                    {
                        connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    }
                }

                Link.Down("the connection was lost");
                EmbeddedLog.MqttLost(logger, $"{address}");
                await RetryAsync(static _ => { }, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task RetryAsync(Action<Exception> failed, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await AttemptAsync(cancellationToken);
                return;
            }
            catch (Exception fault) when (IsConnectionFault(fault) || fault is TransportException
                || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                failed(fault);
                Link.Down(fault.GetBaseException().Message); // The library only says that it could not connect.
                EmbeddedLog.MqttRetry(logger, $"{address}", fault.Message, pause);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task AttemptAsync(CancellationToken cancellationToken)
    {
        if (!Client.IsConnected)
        {
            var answer = await Client.ConnectAsync(Options(), cancellationToken);
            if (answer.ResultCode != MqttClientConnectResultCode.Success)
            {
                throw new MqttCommunicationException($"refused: {answer.ResultCode} {answer.ReasonString}".TrimEnd());
            }
        }

        await restore(Client, cancellationToken);
        Link.Up();
        EmbeddedLog.MqttConnected(logger, $"{address}");
        lock (gate)
        {
            connected.TrySetResult();
        }
    }

    private MqttClientOptions Options()
    {
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer(address.HostFromHere, address.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId($"swarmpool-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}")
            .WithCleanStart()
            .WithSessionExpiryInterval(0)
            .WithMaximumPacketSize(MessageLimits.PacketBytes)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(15))
            .WithTimeout(Answer);
        if (address.User is not null || address.Password is not null)
        {
            options.WithCredentials(address.User ?? "", address.Password ?? "");
        }

        if (address.Tls)
        {
            options.WithTlsOptions(tls => tls.UseTls().WithTargetHost(address.Host));
        }

        return options.Build();
    }

    private Task OnLostAsync(MqttClientDisconnectedEventArgs lostArgs)
    {
        if (!disposed)
        {
            lost.Release();
        }

        return Task.CompletedTask;
    }
}
