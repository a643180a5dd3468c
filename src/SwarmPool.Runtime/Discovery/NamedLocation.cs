using SwarmPool.Identity;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Discovery;

/// <summary>What a pool's name says of where the pool is, beside where it is published.</summary>
public static class NamedLocation
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What the name should say, and what it says otherwise. Neither transport nor names have to be started.</summary>
    /// <param name="transport">The transport of the pool's daemon.</param>
    /// <param name="names">The names.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The comparison; null where pools are not found by their names over this transport.</returns>
    /// <exception cref="TransportException">The transport can't tell now.</exception>
    /// <exception cref="TimeoutException">It was not told within 30 s.</exception>
    public static async Task<LocationComparison?> CompareAsync(
        ITransport transport, IIdentityProvider names, EnsName pool, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(names);
        if (transport.Rendezvous is not { } rendezvous)
        {
            return null;
        }

        var said = await names.FindPoolAsync(pool, cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken);
        var compared = await rendezvous.CompareAsync(pool.Text, said.Place, cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken);
        return compared with { Differences = [.. said.Problems.Select(problem => $"{pool}: {problem}"), .. compared.Differences] };
    }
}
