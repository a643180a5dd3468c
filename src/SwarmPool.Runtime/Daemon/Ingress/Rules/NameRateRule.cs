using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>No name sends faster than allowed.</summary>
internal sealed class NameRateRule(RateLimit<EnsName> limit) : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage item, CancellationToken cancellationToken) => new(
        limit.TryTake(item.Name)
            ? null
            : new Refusal(ErrorCodes.NameRate, $"{item.Name} sends more than it may; slow down."));
}
