using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Collections;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// What a name may send: as a newcomer, and more once work of it or for it has been done here, so that names that are made to flood cost us
/// less than those that the pool lives by. What is dated further back or ahead than anything that is fresh has a rate of its own: it may have
/// been heard so long ago that nobody here remembers, and whoever says it again must not use up what its name needs today.
/// </summary>
/// <param name="perSecond">Messages of a name that is known.</param>
/// <param name="newcomer">Messages of a name that is not.</param>
/// <param name="time">The clock.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class NameRates(double perSecond, double newcomer, TimeProvider time)
{
    private readonly RateLimit<EnsName> fresh = new(perSecond, time);
    private readonly RateLimit<EnsName> old = new(newcomer, time);
    private readonly RateLimit<EnsName> newcomers = new(newcomer, time);
    private readonly BoundedCache<EnsName, bool> known = new(RateLimits.MostKeys);
    private readonly Lock gate = new();

    /// <summary>A client that some miner has done work for, or a miner whose proof was taken.</summary>
    public void Know(EnsName name)
    {
        lock (gate)
        {
            known.Set(name, true);
        }
    }

    public bool TryTake(IngressMessage message) => Of(message).TryTake(message.Name);

    public bool IsSpent(IngressMessage message) => Of(message).IsSpent(message.Name);

    private RateLimit<EnsName> Of(IngressMessage message) =>
        Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - message.Snapshot.Body.Timestamp) > Freshness.WindowSeconds ? old
        : IsKnown(message.Name) ? fresh
        : newcomers;

    private bool IsKnown(EnsName name)
    {
        lock (gate)
        {
            return known.TryGet(name, out _);
        }
    }
}
