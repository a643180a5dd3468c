using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Mfs;

/// <summary>Points an IPNS name, of a key of the pool's own, at its tree, where the node can: not more often than every few minutes, since that is slow.</summary>
/// <remarks>Not thread-safe but for <see cref="NameOfAsync"/>. That a node can't is said once.</remarks>
internal sealed class IpnsPublisher(NameCalls names, bool isOn, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, (string Root, long At)> published = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> failed = new(StringComparer.Ordinal);
    private readonly HashSet<string> said = new(StringComparer.Ordinal);

    /// <summary>The name that a pool's tree has here, whether it is published already or will be; null where it has none.</summary>
    public async Task<IpnsName?> NameOfAsync(string pool, CancellationToken cancellationToken)
    {
        try
        {
            return isOn && !failed.ContainsKey(pool) && IpnsName.TryParse(await names.KeyAsync(KeyOf(pool), cancellationToken), out var name) ? name : null;
        }
        catch (TransportException e) when (e.InnerException is NodeErrorException)
        {
            return null; // A node without keys of that kind.
        }
    }

    public async Task PublishAsync(string pool, string? root, CancellationToken cancellationToken)
    {
        if (!isOn || root is null || (published.TryGetValue(pool, out var last) && (last.Root == root || time.GetElapsedTime(last.At) < Interval)))
        {
            return;
        }

        published[pool] = (root, time.GetTimestamp()); // Also when it fails: what can't be is not tried at every turn.
        try
        {
            var key = KeyOf(pool);
            var name = await names.KeyAsync(key, cancellationToken);
            await names.PublishAsync(key, root, cancellationToken);
            failed.TryRemove(pool, out _);
            if (said.Add(name))
            {
                IpfsLog.NamePublished(logger, pool, name);
            }
        }
        catch (TransportException e)
        {
            failed[pool] = true;
            if (said.Add(pool))
            {
                IpfsLog.NameNotPublished(logger, pool, e.Message);
            }
        }
    }

    private static string KeyOf(string pool) => $"swarmpool-{pool}";
}
