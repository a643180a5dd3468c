using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Ens.Rpc;

namespace SwarmPool.Plugins.Ens;

internal static partial class EnsLog
{
    [LoggerMessage(7601, LogLevel.Warning, "An Ethereum node fails ({Fault}); using the others until it is back: {Reason}")]
    public static partial void NodeFailed(ILogger logger, RpcFault fault, string reason);

    [LoggerMessage(7602, LogLevel.Information, "The Ethereum node {Node} is back")]
    public static partial void NodeBack(ILogger logger, Endpoint node);

    [LoggerMessage(7604, LogLevel.Error, "SP2214: Ethereum nodes say different things of {Name}, so nothing is taken or paid by it: {Answers}")]
    public static partial void Disputed(ILogger logger, string name, string answers);

    [LoggerMessage(7605, LogLevel.Warning, "The Ethereum node {Node} says something else of {Name} than {Agreeing} others, which are believed: {Answer}")]
    public static partial void Outvoted(ILogger logger, Endpoint node, string name, int agreeing, string answer);

    [LoggerMessage(7603, LogLevel.Debug, "A request for {Count} names failed ({Fault}); each is asked for by itself, since one of them may be the cause")]
    public static partial void AskedAlone(ILogger logger, int count, RpcFault fault);
}
