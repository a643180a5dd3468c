using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Discovery;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Publishing;

/// <summary>
/// Holds what a pool's name says of where the pool is beside where its daemon publishes it, and tells the operator: nobody else can
/// set the records, and clients that know the name alone fail far from here.
/// </summary>
internal sealed class PoolLocationWatch(ITransport transport, IIdentityProvider names, EnsName pool, IDaemonObserver observer, TimeProvider time, ILogger<PoolLocationWatch> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    /// <summary>Whether a pool can be found by its name over this transport at all.</summary>
    public bool IsNeeded => transport.Rendezvous is not null;

    /// <summary>Compares now and then, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        LocationComparison? told = null;
        while (true)
        {
            var now = await TryCompareAsync(cancellationToken);
            if (now is not null && !(told is not null && Same(told, now)))
            {
                Tell(now);
                told = now;
            }

            await Task.Delay(now is null ? Retry : Interval, time, cancellationToken);
        }
    }

    private async Task<LocationComparison?> TryCompareAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await NamedLocation.CompareAsync(transport, names, pool, time, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A watch beside the daemon: what fails here must not end it, and is said.
            DiscoveryLog.NotCompared(logger, pool.Text, e.Message);
            return null;
        }
    }

    private void Tell(LocationComparison compared)
    {
        foreach (var difference in compared.Differences)
        {
            DiscoveryLog.Differs(logger, ErrorCodes.PlaceDiffers, difference);
        }

        observer.Placed(pool, compared);
    }

    private static bool Same(LocationComparison one, LocationComparison other) =>
        one.Published.State == other.Published.State
        && one.Published.Peers.SequenceEqual(other.Published.Peers)
        && one.Differences.SequenceEqual(other.Differences);
}
