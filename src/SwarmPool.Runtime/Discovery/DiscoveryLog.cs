using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Discovery;

/// <summary>Log messages of finding a pool by its name; event ids 2100 to 2199.</summary>
internal static partial class DiscoveryLog
{
    [LoggerMessage(2101, LogLevel.Warning, "{Problem}")]
    public static partial void Problem(ILogger logger, Refusal problem);

    [LoggerMessage(2102, LogLevel.Warning, "What the name {Pool} should say of where it is can't be told now: {Why}. It is tried again")]
    public static partial void NotCompared(ILogger logger, string pool, string why);

    [LoggerMessage(2103, LogLevel.Warning, "{Code}: {Difference}")]
    public static partial void Differs(ILogger logger, string code, string difference);
}
