using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// The messages of a name that has spent its rate are dropped, through however many peers it sends, until its rate has come back: they
/// are not worth a signature check. Only what its owner signed spends it (<see cref="NameRateRule"/>), so whoever merely writes the
/// name can't have it refused.
/// </summary>
internal sealed class NameSpentRule(RateLimit<EnsName> limit) : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken) => new(
        limit.IsSpent(message.Name) ? NameRateRule.TooMany(message.Name) : null);
}
