using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// What a name may send. What is dated further back or ahead than anything that is fresh has a rate of its own: it may have been heard so long
/// ago that nobody here remembers, and whoever says it again must not use up what its name needs today.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class NameRates(double perSecond, TimeProvider time)
{
    private readonly RateLimit<EnsName> fresh = new(perSecond, time);
    private readonly RateLimit<EnsName> old = new(perSecond, time);

    public bool TryTake(IngressMessage message) => Of(message).TryTake(message.Name);

    public bool IsSpent(IngressMessage message) => Of(message).IsSpent(message.Name);

    private RateLimit<EnsName> Of(IngressMessage message) =>
        Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - message.Snapshot.Body.Timestamp) > Freshness.WindowSeconds ? old : fresh;
}
