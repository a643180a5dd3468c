using Microsoft.Extensions.Logging;

namespace SwarmPool.Plugins.Embedded;

internal static partial class EmbeddedLog
{
    [LoggerMessage(7101, LogLevel.Information, "This process leads {Pool}: it holds the journal {Path}, fence {Fence}")]
    public static partial void JournalAcquired(ILogger logger, string path, string pool, long fence);

    [LoggerMessage(7102, LogLevel.Information, "Released the journal {Path}, fence {Fence}")]
    public static partial void JournalReleased(ILogger logger, string path, long fence);

    [LoggerMessage(7103, LogLevel.Warning, "SP4010: others than its owner could open {Path}, or write in it; that was taken from them. A journal is its daemon's alone")]
    public static partial void RightsTaken(ILogger logger, string path);

    [LoggerMessage(7201, LogLevel.Information, "Read {Count} names from {Path}")]
    public static partial void NamesRead(ILogger logger, int count, string path);

    [LoggerMessage(7202, LogLevel.Warning, "The names file is unusable, names are unavailable until it is fixed: {Problem}")]
    public static partial void NamesUnusable(ILogger logger, string problem);

    [LoggerMessage(7301, LogLevel.Information, "The built-in MQTT broker listens on {EndPoint}")]
    public static partial void BrokerListens(ILogger logger, string endPoint);

    [LoggerMessage(7302, LogLevel.Warning, "The built-in MQTT broker closed the connection of {Peer}: {Reason}")]
    public static partial void BrokerRefused(ILogger logger, string peer, string reason);

    [LoggerMessage(7303, LogLevel.Information, "Connected to the MQTT broker {Broker}")]
    public static partial void MqttConnected(ILogger logger, string broker);

    [LoggerMessage(7304, LogLevel.Warning, "Lost the MQTT broker {Broker}; trying again until it is back")]
    public static partial void MqttLost(ILogger logger, string broker);

    [LoggerMessage(7305, LogLevel.Debug, "The MQTT broker {Broker} does not answer: {Reason}; next try in {Pause}")]
    public static partial void MqttRetry(ILogger logger, string broker, string reason, TimeSpan pause);

    [LoggerMessage(7306, LogLevel.Debug, "Dropped a message of {Bytes} bytes on {Topic}: larger than allowed")]
    public static partial void MessageTooLarge(ILogger logger, long bytes, string topic);

    [LoggerMessage(7307, LogLevel.Error, "The built-in MQTT broker failed to take a connection")]
    public static partial void BrokerFault(ILogger logger, Exception fault);
}
