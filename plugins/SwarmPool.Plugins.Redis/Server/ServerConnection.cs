using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Tls;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Server;

/// <summary>
/// The connection to a server: made at the first call, kept by the client library, and waited for while it is lost or the server
/// can't yet: for as long as a call's patience lasts.
/// </summary>
/// <remarks>Thread-safe. A call may so be sent more than once; who calls sees to it that it counts once.</remarks>
internal sealed class ServerConnection(ServerSettings settings, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile ConnectionMultiplexer? connection;
    private volatile bool disposed;
    private int generation;

    public string Location => settings.Location;

    public ILogger Logger => logger;

    public TimeSpan Patience => settings.Patience;

    /// <summary>Grows whenever the connection was made or made again: behind it may be another server, or the same with other settings.</summary>
    public int Generation => Volatile.Read(ref generation);

    /// <summary>Tells that a connection for subscriptions is back.</summary>
    public event Action? SubscriptionsRestored;

    /// <summary>Is told whether the server is reached; null where nobody asks.</summary>
    public TransportLink? Link { get; init; }

    /// <summary>True while there is a connection.</summary>
    public bool IsConnected => connection is { IsConnected: true };

    /// <summary>Calls the server. The call is told how often it was tried before.</summary>
    public async Task<T> CallAsync<T>(Func<IDatabase, int, Task<T>> call, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var pause = FirstPause;
        for (var before = 0; ; before++)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var made = await ConnectedAsync(cancellationToken);
                return await call(made.GetDatabase(), before);
            }
            catch (Exception e) when (ServerFault.Is(e) && !disposed)
            {
                ServerFault.Redact(e, settings.Secrets);
                if (!IsConnected)
                {
                    Link?.Down(ServerFault.Of(e).Reason);
                }

                if (!ServerFault.Of(e).MayPass || time.GetElapsedTime(began) + pause >= Patience)
                {
                    if (settings.Connection.Ssl && connection is { IsConnected: false })
                    {
                        await ThrowIfTlsIsWhyAsync(); // It was renewed, and not as we need it.
                    }

                    throw;
                }

                RedisLog.TryAgain(logger, Location, ServerFault.Said(e), pause);
            }

            await Task.Delay(pause, time, CancellationToken.None);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>The primary that holds a key.</summary>
    public Task<T> CallPrimaryAsync<T>(RedisKey key, Func<IServer, Task<T>> call, CancellationToken cancellationToken) => CallAsync(
        async (database, _) =>
        {
            var at = await database.IdentifyEndpointAsync(key, CommandFlags.DemandMaster)
                ?? throw new RedisConnectionException(ConnectionFailureType.UnableToResolvePhysicalConnection, CommandFlags.DemandMaster, "No server that answers holds the pool's keys.");
            return await call(database.Multiplexer.GetServer(at));
        },
        cancellationToken);

    /// <summary>The subscriptions of the connection.</summary>
    public async Task<ISubscriber> SubscriberAsync(CancellationToken cancellationToken) => (await ConnectedAsync(cancellationToken)).GetSubscriber();

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        await gate.WaitAsync();
        try
        {
            if (connection is { } made)
            {
                await made.DisposeAsync();
            }
        }
        finally
        {
            // Released, not disposed: whoever waits for it is to learn that the connection is closed.
            gate.Release();
        }
    }

    private async Task<ConnectionMultiplexer> ConnectedAsync(CancellationToken cancellationToken)
    {
        if (connection is { } made)
        {
            return made;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (connection is null)
            {
                var fresh = await ConnectAsync();
                fresh.ConnectionRestored += (_, e) => Restored(e.ConnectionType);
                fresh.ConfigurationChanged += (_, _) => Interlocked.Increment(ref generation);
                fresh.ConnectionFailed += (_, e) => Lost(e.FailureType);
                Interlocked.Increment(ref generation);
                connection = fresh;
                Link?.Up();
                RedisLog.ServerFound(logger, Location);
            }

            return connection;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task ThrowIfTlsIsWhyAsync()
    {
        if (await new TlsProbe(settings.Connection, settings.Tls, time).FindAsync() is { } why)
        {
            throw why;
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        try
        {
            return await ConnectionMultiplexer.ConnectAsync(settings.Connection.Clone());
        }
        catch (RedisConnectionException)
        {
            await ThrowIfTlsIsWhyAsync();
            throw;
        }
    }

    // Of several servers another may do.
    private void Lost(ConnectionFailureType why)
    {
        RedisLog.ServerLost(logger, Location, why);
        if (settings.Connection.EndPoints.Count == 1 || !IsConnected)
        {
            Link?.Down("the connection was lost");
        }
    }

    private void Restored(ConnectionType type)
    {
        Link?.Up();
        Interlocked.Increment(ref generation);
        RedisLog.ServerBack(logger, Location);
        if (type == ConnectionType.Subscription)
        {
            SubscriptionsRestored?.Invoke();
        }
    }
}
