using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Transport;

/// <summary>A topic's channel, whose messages are delivered as they come, or only say that its stream has something new.</summary>
internal sealed class RedisTopicFeed : ITopicFeed
{
    private readonly string topic;
    private readonly string name;
    private readonly ServerConnection connection;
    private readonly Action<ReadOnlyMemory<byte>> deliver;
    private readonly ILogger logger;
    private readonly TopicStream? stream;
    private readonly SemaphoreSlim beginning = new(1, 1);
    private bool hasBegun;

    /// <param name="topic">The topic.</param>
    /// <param name="name">The name of its channel, and of its stream.</param>
    /// <param name="connection">The server.</param>
    /// <param name="backlog">From how long ago its stream is read; null when it has none.</param>
    /// <param name="deliver">Takes a message.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public RedisTopicFeed(
        string topic, string name, ServerConnection connection, TimeSpan? backlog, Action<ReadOnlyMemory<byte>> deliver, TimeProvider time, ILogger logger)
    {
        this.topic = topic;
        this.name = name;
        this.connection = connection;
        this.deliver = deliver;
        this.logger = logger;
        stream = backlog is { } since ? new TopicStream(topic, name, connection, since, time, logger, Deliver) : null;
    }

    public Task ListenAsync(CancellationToken cancellationToken) => TransportErrors.NamedAsync(connection.Location, $"subscribing to {topic}", async () =>
    {
        await BeginAsync(cancellationToken);
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        if (stream is not null)
        {
            await stream.DisposeAsync();
        }

        try
        {
            if (hasBegun && connection.IsConnected)
            {
                await (await connection.SubscriberAsync(CancellationToken.None)).UnsubscribeAsync(RedisChannel.Literal(name));
            }
        }
        catch (Exception e) when (ServerFault.Is(e))
        {
            RedisLog.TopicNotLeft(logger, topic, connection.Location, ServerFault.Said(e)); // It goes with the connection.
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        await beginning.WaitAsync(cancellationToken);
        try
        {
            if (hasBegun)
            {
                return;
            }

            await connection.CallAsync(SubscribeAsync, cancellationToken);
            if (stream is not null)
            {
                await stream.BeginAsync(cancellationToken);
            }

            hasBegun = true;
        }
        finally
        {
            beginning.Release();
        }
    }

    private async Task<bool> SubscribeAsync(IDatabase database, int before)
    {
        var subscriber = database.Multiplexer.GetSubscriber();
        var channel = RedisChannel.Literal(name);
        if (before > 0)
        {
            await subscriber.UnsubscribeAsync(channel); // What was tried before may have been half done.
        }

        var messages = await subscriber.SubscribeAsync(channel);
        messages.OnMessage(message =>
        {
            if (stream is not null)
            {
                stream.Signal();
            }
            else
            {
                Deliver(message.Message);
            }
        });
        return true;
    }

    private void Deliver(RedisValue value)
    {
        ReadOnlyMemory<byte> message = value;
        if (value.IsNull || message.Length > PubSubRules.MessageBytes)
        {
            RedisLog.MessageSkipped(logger, topic, message.Length);
            return;
        }

        deliver(message);
    }
}
