using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Ingress.Rules;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// The rules that every message passes, cheap ones first: whoever sends garbage must not make us work.
/// </summary>
internal sealed class IngressRules(
    PeerRateRule peerRate, AddressRule address, FreshnessRule freshness, NameSpentRule nameSpent, JobPhaseRule standing, SignatureRule signature,
    NameRateRule nameRate)
{
    /// <summary>Before anything is known of the sender. A refusal here is counted and dropped: there is nobody to answer.</summary>
    private readonly IIngressRule[] anonymous =
    [
        new SizeRule(),     // first: nothing is even looked at beyond the limit
        peerRate,           // the transport peer is charged before any work, so that a forger can't spend a name's rate
        new FormRule(),     // bytes become a snapshot; needed by all that follows
        new TopicRule(),    // a claim on the jobs topic is a mistake or mischief
        nameSpent,          // a name that floods is not worth the checks that follow, whatever peers it comes by
        standing,           // a claim on a job that is taken needs no signature check: the taker's announcement replies it
    ];

    /// <summary>Cheap reasons that the sender should hear of; so who it is must be checked before it is answered.</summary>
    private readonly IIngressRule[] tellable = [address, freshness];

    /// <summary>Who it is: the dear ones, last.</summary>
    private readonly IIngressRule[] identity =
    [
        signature,          // a name look-up and a signature recovery
        nameRate,           // after the signature: only its owner can spend a name's rate
    ];

    /// <summary>What stands against the message, and whether its signer is known and may be answered.</summary>
    public async ValueTask<(Refusal? Refusal, bool Answerable)> CheckAsync(IngressMessage item, CancellationToken cancellationToken)
    {
        if (await FirstAsync(anonymous, item, cancellationToken) is { } silent)
        {
            return (silent, false);
        }

        var told = await FirstAsync(tellable, item, cancellationToken);
        return await FirstAsync(identity, item, cancellationToken) is { } unproven
            ? (unproven, false)
            : (told, true);
    }

    /// <summary>Charges the peer for work that comes before <see cref="CheckAsync"/>.</summary>
    public ValueTask<Refusal?> CheckPeerAsync(IngressMessage item, CancellationToken cancellationToken) => peerRate.CheckAsync(item, cancellationToken);

    private static async ValueTask<Refusal?> FirstAsync(IIngressRule[] rules, IngressMessage item, CancellationToken cancellationToken)
    {
        foreach (var rule in rules)
        {
            if (await rule.CheckAsync(item, cancellationToken) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }
}
