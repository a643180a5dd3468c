namespace SwarmPool.Transport;

/// <summary>How parties that know no more than a pool's name come to it over this transport, and what that name should say.</summary>
/// <remarks>
/// Thread-safe; usable once the transport has started, except <see cref="CompareAsync"/>, which needs no start. All that is handed in comes from a name's records:
/// whoever owns the name wrote it, nobody has checked it, and it is read within bounds.
/// </remarks>
public interface IPeerDiscovery
{
    /// <summary>Connects to the peers that a pool's name names, and stays connected to them; those of an earlier call that are not named again are let go.</summary>
    /// <param name="peers">The peers, as in <see cref="PoolLocation.Peers"/>.</param>
    /// <param name="cancellationToken">The caller's patience. The transport goes on trying by itself.</param>
    /// <returns>Those that are no peers here, each with the reason; empty when all are. One that can't be reached now is no problem of its form.</returns>
    ValueTask<IReadOnlyList<string>> ConnectAsync(IReadOnlyList<string> peers, CancellationToken cancellationToken);

    /// <summary>What a location leads to now.</summary>
    /// <param name="location">As in <see cref="PoolLocation.State"/>.</param>
    /// <param name="cancellationToken">The caller's patience.</param>
    /// <returns>The content's CID; null when it leads nowhere now.</returns>
    /// <exception cref="TransportException">The location is not valid here, or can't be followed now.</exception>
    ValueTask<Cid?> LocateAsync(string location, CancellationToken cancellationToken);

    /// <summary>Where a pool that is published from here is, and what its name says otherwise.</summary>
    /// <param name="pool">The pool's name, e.g. "swarmpool.eth".</param>
    /// <param name="named">What the name's records say.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransportException">It can't be told now.</exception>
    ValueTask<LocationComparison> CompareAsync(string pool, PoolLocation named, CancellationToken cancellationToken);
}

/// <summary>What a pool's name should say of where the pool is, and what it says otherwise.</summary>
/// <param name="Published">Where the pool is published from here: what the name should say.</param>
/// <param name="Differences">What the name says otherwise, for people; empty when it leads here.</param>
public sealed record LocationComparison(PoolLocation Published, IReadOnlyList<string> Differences);
