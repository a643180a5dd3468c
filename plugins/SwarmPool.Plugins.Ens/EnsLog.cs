using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Ens.Rpc;

namespace SwarmPool.Plugins.Ens;

internal static partial class EnsLog
{
    [LoggerMessage(7601, LogLevel.Warning, "An Ethereum node fails ({Fault}); using the others until it is back: {Reason}")]
    public static partial void NodeFailed(ILogger logger, RpcFault fault, string reason);

    [LoggerMessage(7602, LogLevel.Information, "The Ethereum node {Node} is back")]
    public static partial void NodeBack(ILogger logger, Endpoint node);

    [LoggerMessage(7603, LogLevel.Debug, "A request for {Count} names failed ({Fault}); each is asked for by itself, since one of them may be the cause")]
    public static partial void AskedAlone(ILogger logger, int count, RpcFault fault);
}
