namespace SwarmPool.Plugins.Ipfs.Peers;

/// <summary>The peers to be connected to at a time: those of the configuration, and those that the pool's name names.</summary>
internal sealed class PeerSet
{
    private readonly TaskCompletionSource firstNamedConnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> namedIds;

    public PeerSet(IReadOnlyList<string> configured, IReadOnlyList<string> named)
    {
        Addresses = [.. configured.Union(named, StringComparer.Ordinal)];
        Ids = Addresses.Select(PeerConnector.IdOf).ToHashSet(StringComparer.Ordinal);
        namedIds = named.Select(PeerConnector.IdOf).ToHashSet(StringComparer.Ordinal);
    }

    public IReadOnlyList<string> Addresses { get; }

    public IReadOnlySet<string> Ids { get; }

    /// <summary>Completes when the node is connected to the first of the named ones.</summary>
    public Task FirstNamedConnected => firstNamedConnected.Task;

    public void Connected(string id)
    {
        if (namedIds.Contains(id))
        {
            firstNamedConnected.TrySetResult();
        }
    }
}
