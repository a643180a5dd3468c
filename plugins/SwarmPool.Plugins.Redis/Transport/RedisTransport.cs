using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Transport;

/// <summary>A party's transport over a Redis server that all parties of the pool reach.</summary>
internal sealed class RedisTransport : ITransport
{
    // Two connections, so that a large content holds up no message.
    private readonly ServerConnection contents;
    private readonly ServerConnection messages;
    private readonly RedisContentStore content;
    private readonly RedisPubSub pubSub;
    private readonly TimeSpan patience;
    private readonly TimeProvider time;
    private int disposed;

    public RedisTransport(RedisTransportOptions options, ServerSettings server, TimeProvider time, ILogger<RedisTransport> logger)
    {
        this.time = time;
        patience = TimeSpan.FromSeconds(options.ConnectTimeoutSeconds);
        contents = new ServerConnection(server, time, logger);
        Link = new TransportLink("the Redis server", server.Location, patience);
        messages = new ServerConnection(server, time, logger) { Link = Link };
        var keys = new PoolKeys(options.Pool);
        content = new RedisContentStore(contents, keys, options, time);
        pubSub = new RedisPubSub(messages, keys, options, time, logger);
    }

    public IContentStore Content => content;

    public IPubSub PubSub => pubSub;

    public TransportLink? Link { get; }

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await contents.CallAsync(static (database, _) => database.PingAsync(CommandFlags.DemandMaster), cancellationToken);
                await messages.CallAsync(static (database, _) => database.PingAsync(CommandFlags.DemandMaster), cancellationToken);
                Link?.Up();
                return;
            }
            catch (Exception e) when (ServerFault.Is(e) && (!ServerFault.Of(e).MayPass || time.GetElapsedTime(began) >= patience))
            {
                throw TransportErrors.Explain(contents.Location, "starting", e);
            }
            catch (Exception e) when (ServerFault.Is(e) && e is not ObjectDisposedException)
            {
                Link?.Down(ServerFault.Of(e).Reason);
                RedisLog.TryAgain(contents.Logger, contents.Location, ServerFault.Said(e), TimeSpan.Zero);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        await pubSub.DisposeAsync();
        await messages.DisposeAsync();
        await contents.DisposeAsync();
    }
}
