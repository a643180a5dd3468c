using System.Collections.Concurrent;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Hub;

/// <summary>
/// The hubs of this process, by name. The state is static on purpose: parties that know of each other only the hub's
/// name meet here.
/// </summary>
internal sealed class Hub
{
    private static readonly ConcurrentDictionary<string, Hub> Hubs = new(StringComparer.Ordinal);
    private long parties;

    public SubscriptionTable Subscriptions { get; } = new();

    public static Hub Named(string name) => Hubs.GetOrAdd(name, static _ => new Hub());

    /// <summary>Says who publishes, for the receivers' accounts: "party-1", "party-2", …</summary>
    public string Join() => $"party-{Interlocked.Increment(ref parties)}";
}
