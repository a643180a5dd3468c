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
