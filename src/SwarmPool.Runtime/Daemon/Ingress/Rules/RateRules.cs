using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// No transport peer sends faster than allowed. Peers that the transport can't tell apart are one. What was heard before has a rate of its
/// own: whoever says it again takes none of the room for what is new, not even where all peers are one.
/// </summary>
/// <param name="limit">For what is new.</param>
/// <param name="again">For what is said again.</param>
/// <param name="known">What was heard.</param>
internal sealed class PeerRateRule(RateLimit<string> limit, RateLimit<string> again, KnownMessages known) : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        message.IsKnown = known.Contains(SnapshotPointer.TryRead(message.Payload.Span, out var cid) ? cid : ContentAddress.Of(message.Payload.Span));
        return new((message.IsKnown ? again : limit).TryTake(message.Peer)
            ? null
            : new Refusal(ErrorCodes.PeerRate, $"The peer '{message.Peer}' {(message.IsKnown ? "repeats" : "sends")} more messages than its rate allows; slow down."));
    }
}

/// <summary>No name sends faster than allowed. A message is charged once, by whomever and however often it is said again.</summary>
internal sealed class NameRateRule(NameRates rates, KnownMessages known) : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken) => new(
        known.ChargeOnce(message.Snapshot.Cid, () => rates.TryTake(message)) ? null : TooMany(message.Name));

    public static Refusal TooMany(EnsName name) => new(ErrorCodes.NameRate, $"{name} sends more messages than its rate allows; slow down.");
}

/// <summary>
/// The messages of a name that has spent its rate are dropped, through however many peers it sends, until its rate has come back: they
/// are not worth a signature check. Only what its owner signed spends it (<see cref="NameRateRule"/>), so whoever merely writes the
/// name can't have it refused. What was heard before is the peer's to pay, whatever its name has spent since.
/// </summary>
internal sealed class NameSpentRule(NameRates rates) : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken) => new(
        !message.IsKnown && rates.IsSpent(message) ? NameRateRule.TooMany(message.Name) : null);
}
