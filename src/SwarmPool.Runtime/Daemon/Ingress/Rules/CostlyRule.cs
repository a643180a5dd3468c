using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// A rule that costs us much, and that no honest message is refused by: each refusal costs its peer as much as so many messages, so that
/// garbage is dearer for whoever sends it than for us. Peers that the transport can't tell apart pay nothing for one another.
/// </summary>
internal sealed class CostlyRule(IIngressRule rule, RateLimit<string> peers, int messages) : IIngressRule
{
    public bool AnswersSender => rule.AnswersSender;

    public async ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        var refusal = await rule.CheckAsync(message, cancellationToken);
        if (refusal?.Code is ErrorCodes.BadSignature or ErrorCodes.WrongSigner && message.Peer.Length > 0)
        {
            peers.Charge(message.Peer, messages);
        }

        return refusal;
    }
}
