using Microsoft.Extensions.Logging;

namespace SwarmPool.Runtime.Messaging;

/// <summary>Log messages of sending and hearing; event ids 2000 to 2099.</summary>
internal static partial class MessagingLog
{
    [LoggerMessage(2001, LogLevel.Debug, "Could not send the {Type}: {Why}; it will be sent again")]
    public static partial void SendFailed(ILogger logger, string type, string why);

    [LoggerMessage(2002, LogLevel.Debug, "Dropped a message on {Topic}: {Why}")]
    public static partial void Dropped(ILogger logger, string topic, string why);

    [LoggerMessage(2003, LogLevel.Warning, "{Name} took the delegation {Digest} back: what is signed by it counts no longer")]
    public static partial void Revoked(ILogger logger, string name, string digest);
}
