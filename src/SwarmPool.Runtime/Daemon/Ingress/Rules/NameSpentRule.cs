using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// A name that has spent its rate is heard no further, through however many peers it sends, until its rate has come back: its
/// messages are not worth a signature check. Only what its owner signed spends it (<see cref="NameRateRule"/>), so whoever
/// merely writes the name can't silence it.
/// </summary>
internal sealed class NameSpentRule(RateLimit<EnsName> limit) : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage item, CancellationToken cancellationToken) => new(
        limit.IsSpent(item.Name)
            ? new Refusal(ErrorCodes.NameRate, $"{item.Name} sends more than it may; slow down.")
            : null);
}
