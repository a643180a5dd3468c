using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>No transport peer sends faster than allowed. Peers that the transport can't tell apart are one.</summary>
internal sealed class PeerRateRule(RateLimit<string> limit) : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage item, CancellationToken cancellationToken) => new(
        limit.TryTake(item.Peer)
            ? null
            : new Refusal(ErrorCodes.PeerRate, $"The peer '{item.Peer}' sends more than it may; slow down."));
}
