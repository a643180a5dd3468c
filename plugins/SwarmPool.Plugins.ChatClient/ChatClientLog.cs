using Microsoft.Extensions.Logging;

namespace SwarmPool.Plugins.ChatClient;

internal static partial class ChatClientLog
{
    [LoggerMessage(7801, LogLevel.Information, "{Count} models of servers in {Folder}: {Names}.")]
    public static partial void ModelsFound(ILogger logger, int count, string folder, string names);

    [LoggerMessage(7802, LogLevel.Warning, "A run of model {Model} failed: {Reason}")]
    public static partial void RunFailed(ILogger logger, string model, string reason);

    [LoggerMessage(7803, LogLevel.Information, "The answer of model {Model} was cut: {Server} went on beyond {Limit}.")]
    public static partial void AnswerCut(ILogger logger, string model, string server, string limit);
}
