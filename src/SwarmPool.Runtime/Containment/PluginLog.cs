using Microsoft.Extensions.Logging;

namespace SwarmPool.Runtime.Containment;

/// <summary>What plugins do wrong while they run: event ids 1101 to 1199.</summary>
internal static partial class PluginLog
{
    [LoggerMessage(1101, LogLevel.Error, "Plugin {Plugin}, {Slot}: {Call} threw {Type}: {Why} It was contained; report it to the plugin's author")]
    public static partial void Threw(ILogger logger, Exception thrown, string plugin, string slot, string call, string type, string why);

    [LoggerMessage(1102, LogLevel.Error, "Plugin {Plugin}, {Slot}: {Call} did not answer within {Seconds} s; it is left behind and counts as failed")]
    public static partial void Hangs(ILogger logger, string plugin, string slot, string call, double seconds);

    [LoggerMessage(1103, LogLevel.Warning, "Plugin {Plugin}, {Slot}: a call that was left behind has ended after all: {Why}")]
    public static partial void LeftBehindEnded(ILogger logger, string plugin, string slot, string why);
}
