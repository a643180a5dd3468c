namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>The calls about the node itself and those it is connected to.</summary>
internal sealed class SwarmCalls(RpcChannel channel)
{
    public NodeAddress Node => channel.Node;

    public Task<NodeIdentity> IdentityAsync(CancellationToken cancellationToken) =>
        channel.CallAsync(new RpcCall("id"), AnswerJson.Default.NodeIdentity, cancellationToken);

    /// <summary>The ids of the peers it is connected to.</summary>
    public async Task<IReadOnlyList<string>> PeersAsync(CancellationToken cancellationToken) =>
        [.. ((await channel.CallAsync(new RpcCall("swarm/peers"), AnswerJson.Default.SwarmPeers, cancellationToken)).Peers ?? []).Select(static peer => peer.Peer ?? "")];

    public Task ConnectAsync(string address, CancellationToken cancellationToken) =>
        channel.CallAsync(new RpcCall("swarm/connect", address).Arg(address), cancellationToken);
}
