using SwarmPool.Plugins.Ens.Rpc;

namespace SwarmPool.Plugins.Ens.Chain;

/// <summary>One of several nodes that are asked the same at the same block.</summary>
/// <param name="Node">Which.</param>
/// <param name="View">The chain as it has it.</param>
/// <param name="Succeeded">To be told when it has answered.</param>
/// <param name="Failed">To be told when it has not.</param>
internal sealed record NodeView(ChainNode Node, ChainView View, Action Succeeded, Action<RpcException> Failed);
