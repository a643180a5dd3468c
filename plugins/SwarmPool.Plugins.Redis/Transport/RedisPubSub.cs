using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Transport;

/// <summary>
/// Publish and subscribe: streams for what has to arrive, plain channels for what is said again in a moment anyway (heartbeats, the
/// pool's state), which so leaves nothing behind on the server.
/// </summary>
internal sealed class RedisPubSub : IPubSub, IAsyncDisposable
{
    private const int HeldMessages = 4096;
    private const int StreamSeconds = 3600;
    private static readonly string[] SaidAgain = ["/heartbeats", "/state"];
    private static readonly string PublishScript = Script.Read("Transport.Scripts.publish");

    private readonly ServerConnection connection;
    private readonly PoolKeys keys;
    private readonly RedisTransportOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly TopicMultiplexer topics;

    public RedisPubSub(ServerConnection connection, PoolKeys keys, RedisTransportOptions options, TimeProvider time, ILogger logger)
    {
        this.connection = connection;
        this.keys = keys;
        this.options = options;
        this.time = time;
        this.logger = logger;
        topics = new TopicMultiplexer(connection.Location, HeldMessages, Feed);
    }

    public int MaxMessageBytes => PubSubRules.MessageBytes;

    /// <summary>Whether a topic is kept as a stream.</summary>
    public static bool IsStream(string topic) => !SaidAgain.Any(name => topic.EndsWith(name, StringComparison.Ordinal));

    public async ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        PubSubRules.CheckTopic(topic);
        PubSubRules.CheckMessage(topic, payload.Length);
        var name = keys.Topic(topic);
        await TransportErrors.NamedAsync(connection.Location, $"publishing on {topic}", () => connection.CallAsync(
            async (database, _) => IsStream(topic)
                ? await database.ScriptEvaluateAsync(PublishScript, [name], [name, payload, options.StreamMessages, StreamSeconds], CommandFlags.DemandMaster)
                : RedisResult.Create(await database.PublishAsync(RedisChannel.Literal(name), payload)),
            cancellationToken));
    }

    public ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken) => topics.SubscribeAsync(topic, cancellationToken);

    public ValueTask DisposeAsync() => topics.DisposeAsync();

    private RedisTopicFeed Feed(string topic) => new(
        topic,
        keys.Topic(topic),
        connection,
        IsStream(topic) ? TimeSpan.FromSeconds(options.BacklogSeconds) : null,
        message => topics.Deliver(topic, message.Span, peer: ""), // The server does not tell who sent it.
        time,
        logger);
}
