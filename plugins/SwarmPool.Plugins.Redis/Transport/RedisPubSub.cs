using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Transport;

/// <summary>
/// Publish and subscribe: streams for what has to arrive, plain channels for what is said again in a moment anyway (heartbeats, the
/// pool's state), which so leaves nothing behind on the server.
/// </summary>
internal sealed class RedisPubSub(ServerLink link, PoolKeys keys, RedisTransportOptions options, TimeProvider time, ILogger logger) : IPubSub, IAsyncDisposable
{
    private const int HeldMessages = 4096;
    private const int StreamSeconds = 3600;
    private static readonly string[] SaidAgain = ["/heartbeats", "/state"];
    private static readonly string PublishScript = Script.Read("Transport.Scripts.publish");

    private readonly Lock gate = new();
    private readonly Dictionary<string, TopicFeed> feeds = new(StringComparer.Ordinal);
    private bool disposed;

    public int MaxMessageBytes => PubSubRules.MessageBytes;

    /// <summary>Whether a topic is kept as a stream.</summary>
    public static bool IsStream(string topic) => !SaidAgain.Any(name => topic.EndsWith(name, StringComparison.Ordinal));

    public async ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        PubSubRules.CheckTopic(topic);
        PubSubRules.CheckMessage(topic, payload.Length);
        var name = keys.Topic(topic);
        await TransportErrors.NamedAsync(link.Location, $"publishing on {topic}", () => link.CallAsync(
            async (database, _) => IsStream(topic)
                ? await database.ScriptEvaluateAsync(PublishScript, [name], [name, payload, options.StreamMessages, StreamSeconds], CommandFlags.DemandMaster)
                : RedisResult.Create(await database.PublishAsync(RedisChannel.Literal(name), payload)),
            cancellationToken));
    }

    public async ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken)
    {
        PubSubRules.CheckTopic(topic);
        var subscription = new SubscriptionQueue(topic, HeldMessages, LeaveAsync);
        TopicFeed? feed;
        lock (gate)
        {
            if (disposed)
            {
                throw new TransportException(TransportFault.Unavailable, $"This party has left {link.Location}.");
            }

            if (!feeds.TryGetValue(topic, out feed))
            {
                feeds.Add(topic, feed = new TopicFeed(topic, keys.Topic(topic), link, BacklogOf(topic), time, logger));
            }

            feed.Add(subscription);
        }

        try
        {
            await TransportErrors.NamedAsync(link.Location, $"subscribing to {topic}", async () =>
            {
                await feed.BeginAsync(cancellationToken);
                return true;
            });
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
        List<TopicFeed> all;
        lock (gate)
        {
            disposed = true;
            all = [.. feeds.Values];
        }

        foreach (var listener in all.SelectMany(static feed => feed.Listeners))
        {
            await listener.DisposeAsync();
        }
    }

    private TimeSpan? BacklogOf(string topic) => IsStream(topic) ? TimeSpan.FromSeconds(options.BacklogSeconds) : null;

    private async ValueTask LeaveAsync(SubscriptionQueue subscription)
    {
        TopicFeed? over = null;
        lock (gate)
        {
            if (feeds.TryGetValue(subscription.Topic, out var feed) && feed.Remove(subscription))
            {
                feeds.Remove(subscription.Topic);
                over = feed;
            }
        }

        if (over is not null)
        {
            await over.DisposeAsync();
        }
    }
}
