using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Transport;

/// <summary>A topic that this party listens to: a channel whose messages are delivered as they come, or are only the bell of a stream.</summary>
internal sealed class TopicFeed : IAsyncDisposable
{
    private readonly string topic;
    private readonly string name;
    private readonly ServerLink link;
    private readonly ILogger logger;
    private readonly TopicStream? stream;
    private readonly SemaphoreSlim beginning = new(1, 1);
    private volatile SubscriptionQueue[] listeners = [];
    private bool hasBegun;

    /// <param name="topic">The topic.</param>
    /// <param name="name">The name of its channel, and of its stream.</param>
    /// <param name="link">The server.</param>
    /// <param name="backlog">From how long ago its stream is read; null when it has none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public TopicFeed(string topic, string name, ServerLink link, TimeSpan? backlog, TimeProvider time, ILogger logger)
    {
        this.topic = topic;
        this.name = name;
        this.link = link;
        this.logger = logger;
        stream = backlog is { } since ? new TopicStream(topic, name, link, since, time, logger, Deliver) : null;
    }

    public IReadOnlyList<SubscriptionQueue> Listeners => listeners;

    /// <summary>The caller holds the lock that guards who listens.</summary>
    public void Add(SubscriptionQueue one) => listeners = [.. listeners, one];

    /// <summary>The caller holds the lock that guards who listens. True when nobody is left.</summary>
    public bool Remove(SubscriptionQueue one)
    {
        listeners = [.. listeners.Where(other => other != one)];
        return listeners.Length == 0;
    }

    /// <summary>Completes when messages that are published from then on will arrive.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await beginning.WaitAsync(cancellationToken);
        try
        {
            if (hasBegun)
            {
                return;
            }

            await link.CallAsync(SubscribeAsync, cancellationToken);
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

    public async ValueTask DisposeAsync()
    {
        if (stream is not null)
        {
            await stream.DisposeAsync();
        }

        try
        {
            if (hasBegun && link.IsConnected)
            {
                await (await link.SubscriberAsync(CancellationToken.None)).UnsubscribeAsync(RedisChannel.Literal(name));
            }
        }
        catch (Exception e) when (ServerTrouble.Is(e))
        {
            Log.TopicNotLeft(logger, topic, link.Location, e.Message); // It goes with the connection.
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
                stream.Ring();
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
            Log.MessageSkipped(logger, topic, message.Length);
            return;
        }

        // Who sent it the server does not tell.
        foreach (var listener in listeners)
        {
            listener.Deliver(message.Span, "");
        }
    }
}
