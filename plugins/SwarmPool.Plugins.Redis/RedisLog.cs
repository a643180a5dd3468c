using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace SwarmPool.Plugins.Redis;

internal static partial class RedisLog
{
    [LoggerMessage(7701, LogLevel.Information, "Connected to {Server}")]
    public static partial void ServerFound(ILogger logger, string server);

    [LoggerMessage(7702, LogLevel.Warning, "Lost {Server} ({Why}); trying again until it is back")]
    public static partial void ServerLost(ILogger logger, string server, ConnectionFailureType why);

    [LoggerMessage(7703, LogLevel.Information, "{Server} is back")]
    public static partial void ServerBack(ILogger logger, string server);

    [LoggerMessage(7704, LogLevel.Debug, "{Server} can't now: {Reason}; next try in {Pause}")]
    public static partial void TryAgain(ILogger logger, string server, string reason, TimeSpan pause);

    [LoggerMessage(7711, LogLevel.Information, "The journal {Journal} is ours, fence {Fence}")]
    public static partial void JournalAcquired(ILogger logger, string journal, long fence);

    [LoggerMessage(7712, LogLevel.Information, "The journal {Journal} was given back, fence {Fence}")]
    public static partial void JournalReleased(ILogger logger, string journal, long fence);

    [LoggerMessage(7713, LogLevel.Warning, "The lease {Fence} on the journal {Journal} could not be given back, it lapses by itself: {Reason}")]
    public static partial void LeaseLeft(ILogger logger, string journal, long fence, string reason);

    [LoggerMessage(7714, LogLevel.Warning, "The journal {Journal} runs on a server that may lose what it acknowledged, as 'durability' allows: {Problems}")]
    public static partial void NotDurable(ILogger logger, string journal, string problems);

    [LoggerMessage(7715, LogLevel.Warning, "The snapshot of the journal {Journal} at record {Sequence} can't be used: {Reason}")]
    public static partial void SnapshotUnusable(ILogger logger, string journal, long sequence, string reason);

    [LoggerMessage(7716, LogLevel.Warning, "Whoever reaches {Server} may write the pool's journal there without a password: turn its 'default' user off or give it a password, and give each party a user of its own, as 'swarmpool init --transport redis' writes them")]
    public static partial void OpenToAll(ILogger logger, string server);

    [LoggerMessage(7717, LogLevel.Debug, "{Server} lets nobody write without a password: {Reason}")]
    public static partial void NotOpen(ILogger logger, string server, string reason);

    [LoggerMessage(7721, LogLevel.Warning, "The topic {Topic} can't be read from {Server}, trying again: {Reason}")]
    public static partial void TopicBehind(ILogger logger, string topic, string server, string reason);

    [LoggerMessage(7722, LogLevel.Debug, "Skipped a message of {Bytes} bytes on {Topic}: it is not a message of this transport, or larger than allowed")]
    public static partial void MessageSkipped(ILogger logger, string topic, long bytes);

    [LoggerMessage(7723, LogLevel.Debug, "The topic {Topic} was not left at {Server}: {Reason}")]
    public static partial void TopicNotLeft(ILogger logger, string topic, string server, string reason);

    [LoggerMessage(7731, LogLevel.Warning, "The pool's readable keys on {Server} are behind, trying again: {Reason}")]
    public static partial void IndexBehind(ILogger logger, string server, string reason);
}
