using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>No transport peer sends faster than allowed. Peers that the transport can't tell apart are one.</summary>
internal sealed class PeerRateRule(RateLimit<string> limit) : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken) => new(
        limit.TryTake(message.Peer)
            ? null
            : new Refusal(ErrorCodes.PeerRate, $"The peer '{message.Peer}' sends more messages than its rate allows; slow down."));
}

/// <summary>No name sends faster than allowed.</summary>
internal sealed class NameRateRule(RateLimit<EnsName> limit) : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken) => new(
        limit.TryTake(message.Name) ? null : TooMany(message.Name));

    public static Refusal TooMany(EnsName name) => new(ErrorCodes.NameRate, $"{name} sends more messages than its rate allows; slow down.");
}

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
