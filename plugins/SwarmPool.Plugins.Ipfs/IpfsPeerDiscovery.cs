using SwarmPool.Plugins.Ipfs.Mfs;
using SwarmPool.Plugins.Ipfs.Peers;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs;

/// <summary>
/// How a pool over IPFS is found: its name names multiaddresses of nodes that listen to it, and leads by IPNS or by a CID to its state.
/// </summary>
internal sealed class IpfsPeerDiscovery(SwarmCalls swarm, NameCalls names, PeerConnector peers, IpnsPublisher publisher) : IPeerDiscovery
{
    /// <summary>How long a location is followed; a name is looked for over the network.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    public async ValueTask<IReadOnlyList<string>> ConnectAsync(IReadOnlyList<string> named, CancellationToken cancellationToken)
    {
        var usable = named.Where(PeerConnector.IsAddress).ToList();
        await peers.ConnectToNamedAsync(usable, cancellationToken);
        return [.. named.Except(usable).Select(static peer => $"the peer '{peer}' is not a node's address, which ends in /p2p/ID")];
    }

    public async ValueTask<Cid?> LocateAsync(string location, CancellationToken cancellationToken)
    {
        var place = StateLocation.Parse(location);
        return place.Content ?? await names.ResolveAsync(place.Path, Patience, cancellationToken);
    }

    public async ValueTask<LocationComparison> CompareAsync(string pool, PoolLocation named, CancellationToken cancellationToken)
    {
        var self = await swarm.IdentityAsync(cancellationToken);
        var state = await publisher.NameOfAsync(pool, cancellationToken);
        var published = new PoolLocation(state is null ? null : $"ipns://{state}", ReachableAddresses.Of(self.Addresses ?? []));
        return new LocationComparison(published, [.. Differences(pool, named, published, self.ID ?? "")]);
    }

    private static IEnumerable<string> Differences(string pool, PoolLocation named, PoolLocation published, string self)
    {
        if (named.IsNowhere)
        {
            yield return $"The name {pool} has no record of where the pool is";
            yield break;
        }

        if (!named.Peers.Any(peer => PeerConnector.IsAddress(peer) && PeerConnector.IdOf(peer) == self))
        {
            yield return $"The peers that {pool} names are not this node, {self}";
        }

        // Where several daemons take turns each has a node and an IPNS name of its own, and the record holds one of them.
        var isAlone = named.Peers.All(peer => PeerConnector.IsAddress(peer) && PeerConnector.IdOf(peer) == self);
        if (isAlone && named.State is { } state && published.State is { } own && !(StateLocation.TryParse(state, out var place, out _) && place.Leads(own)))
        {
            yield return $"The state that {pool} names is {state}; this pool's is published at {own}";
        }
    }
}
