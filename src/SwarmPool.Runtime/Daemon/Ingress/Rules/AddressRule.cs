using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>It is for this pool, on this network: a signature for another is worthless here.</summary>
internal sealed class AddressRule(EnsName pool, string network) : IIngressRule
{
    public bool AnswersSender => true;

    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        var body = message.Snapshot.Body;
        if (body.Pool != pool)
        {
            return new(new Refusal(ErrorCodes.WrongPool, $"The snapshot is for the pool {body.Pool}; this is {pool}."));
        }

        return new(body.Network == network
            ? null
            : new Refusal(ErrorCodes.WrongNetwork, $"The snapshot's names live on '{body.Network}'; this pool's live on '{network}'."));
    }
}
