using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>No name sends faster than allowed.</summary>
internal sealed class NameRateRule(RateLimit<EnsName> limit) : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken) => new(
        limit.TryTake(message.Name) ? null : TooMany(message.Name));

    public static Refusal TooMany(EnsName name) => new(ErrorCodes.NameRate, $"{name} sends more messages than its rate allows; slow down.");
}
