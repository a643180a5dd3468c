using System.Globalization;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.State;

namespace SwarmPool.Plugins.Redis.Journal;

/// <summary>Waits until so many replicas have what was written before over this connection (<c>WAIT</c>).</summary>
internal sealed class ReplicaWait(ServerLink link, PoolKeys keys, string location, int replicas)
{
    /// <exception cref="JournalException">There are fewer in time. What was written is written, and may yet reach them.</exception>
    public async ValueTask EnsureAsync(CancellationToken cancellationToken)
    {
        if (replicas == 0)
        {
            return;
        }

        // Below the call's own limit, so that it is the server that says how many there are.
        var limit = (long)(link.Patience.TotalMilliseconds * 0.8);
        var have = await JournalErrors.NamedAsync(
            location,
            "waiting for replicas",
            () => link.CallPrimaryAsync(keys.Head, async server => (long)await server.ExecuteAsync("WAIT", replicas, limit), cancellationToken),
            "Whether the batch was taken can't be told: read the head before anything else.");
        if (have < replicas)
        {
            throw new JournalException(
                JournalFault.Unavailable,
                string.Create(CultureInfo.InvariantCulture, $"Only {have} of {replicas} replicas of the journal {location} have the batch after {limit} ms; it is in the primary alone and not acknowledged. Bring the replicas back, or lower 'replicas'."));
        }
    }
}
