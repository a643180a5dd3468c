using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>The calls about IPNS names.</summary>
internal sealed class NameCalls(RpcChannel channel)
{
    // A node puts the record to twenty others, far away.
    private static readonly TimeSpan PublishLimit = TimeSpan.FromMinutes(2);

    /// <summary>The name that goes with a key, which is made when there is none.</summary>
    public async Task<string> KeyAsync(string name, CancellationToken cancellationToken)
    {
        var keys = await channel.CallAsync(new RpcCall("key/list"), AnswerJson.Default.KeyList, cancellationToken);
        var key = (keys.Keys ?? []).FirstOrDefault(one => one.Name == name)
            ?? await channel.CallAsync(new RpcCall("key/gen", name).Arg(name).With("type", "ed25519"), AnswerJson.Default.KeyEntry, cancellationToken);
        return key.Id ?? throw new TransportException(TransportFault.Unavailable, $"The IPFS node at {channel.Node} did not create the key {name}.");
    }

    /// <summary>What a path such as <c>/ipns/NAME/state.json</c> leads to; null when it leads nowhere within the patience.</summary>
    public async Task<Cid?> ResolveAsync(string path, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            var call = new RpcCall("resolve", path) { Patience = patience }.Arg(path).With("recursive", "true");
            var said = await channel.CallAsync(call, AnswerJson.Default.ResolvedPath, cancellationToken);
            return NodeCid.TryParse(said.Path?.Split('/', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1), out var cid) ? cid : null;
        }
        catch (TransportException e) when (e.InnerException is OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Points a key's name at content.</summary>
    public Task PublishAsync(string key, string cid, CancellationToken cancellationToken) => channel.CallAsync(
        new RpcCall("name/publish", cid) { Patience = PublishLimit }.Arg($"/ipfs/{cid}").With("key", key).With("resolve", "false").With("lifetime", "48h"), cancellationToken);
}
