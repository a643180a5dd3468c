namespace SwarmPool.Plugins.Ens.Rpc;

/// <summary>Why a node gave no answer.</summary>
internal enum RpcFault
{
    /// <summary>No connection, or it broke.</summary>
    Unreachable = 0,

    /// <summary>It took longer than allowed.</summary>
    TimedOut,

    /// <summary>It answered with another status than 200.</summary>
    Refused,

    /// <summary>The answer has more bytes than are read.</summary>
    TooLarge,

    /// <summary>The answer is not JSON-RPC.</summary>
    Malformed,

    /// <summary>It answered a call with an error of its own, not of a contract.</summary>
    NodeError,

    /// <summary>It is on another chain.</summary>
    WrongChain,

    /// <summary>It is far behind what another node has told.</summary>
    Behind,
}

/// <summary>A node gave no answer. The message names scheme, host and port alone.</summary>
internal sealed class RpcException(RpcFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public RpcFault Fault { get; } = fault;

    /// <summary>Whether one name's contracts may be the cause, so that the others of its request should be asked without it.</summary>
    public bool MayBeOneNames => Fault is RpcFault.TimedOut or RpcFault.TooLarge or RpcFault.NodeError;
}
