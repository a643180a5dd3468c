using Microsoft.Extensions.Logging;

namespace SwarmPool.Runtime.Backends;

/// <summary>What becomes of a backend's processes: event ids 4080 to 4099.</summary>
internal static partial class BackendLog
{
    [LoggerMessage(4080, LogLevel.Information, "{Backend} runs in process {Process}")]
    public static partial void Started(ILogger logger, string backend, int process);

    [LoggerMessage(4081, LogLevel.Error, "{Code}: {Backend} {What}. It was at work on: {Models}. Another process is started when it is needed, after {Seconds} s")]
    public static partial void Ended(ILogger logger, string code, string backend, string what, string models, double seconds);

    [LoggerMessage(EventId = 4083, Message = "{Said}")]
    public static partial void Said(ILogger logger, LogLevel level, string said);

    [LoggerMessage(4082, LogLevel.Warning, "{Backend} could not be made in its process: {Why}")]
    public static partial void NotMade(ILogger logger, string backend, string why);
}
