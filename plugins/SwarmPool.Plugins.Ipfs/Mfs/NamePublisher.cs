using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Mfs;

/// <summary>Points an IPNS name, of a key of the pool's own, at its tree, where the node can: not more often than every few minutes, since that is slow.</summary>
/// <remarks>Not thread-safe. That a node can't is said once.</remarks>
internal sealed class NamePublisher(NameCalls names, bool isOn, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, (string Root, long At)> published = new(StringComparer.Ordinal);
    private readonly HashSet<string> said = new(StringComparer.Ordinal);

    public async Task PublishAsync(string pool, string? root, CancellationToken cancellationToken)
    {
        if (!isOn || root is null || (published.TryGetValue(pool, out var last) && (last.Root == root || time.GetElapsedTime(last.At) < Interval)))
        {
            return;
        }

        published[pool] = (root, time.GetTimestamp()); // Also when it fails: what can't be is not tried at every turn.
        try
        {
            var key = $"swarmpool-{pool}";
            var name = await names.KeyAsync(key, cancellationToken);
            await names.PublishAsync(key, root, cancellationToken);
            if (said.Add(name))
            {
                Log.NamePublished(logger, pool, name);
            }
        }
        catch (TransportException e)
        {
            if (said.Add(pool))
            {
                Log.NameNotPublished(logger, pool, e.Message);
            }
        }
    }
}
