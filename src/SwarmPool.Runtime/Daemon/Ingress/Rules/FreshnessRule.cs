using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// Claims, releases, proofs and heartbeats are signed within <see cref="Freshness.WindowSeconds"/> of their arrival. Jobs, cancellations and
/// registrations may be older: they are repeated, in the same bytes, for as long as it takes.
/// </summary>
internal sealed class FreshnessRule(TimeProvider time) : IIngressRule
{
    public bool AnswersSender => true;

    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        var body = message.Snapshot.Body;
        if (body is not (ClaimSnapshot or ReleaseSnapshot or ProofSnapshot or HeartbeatSnapshot))
        {
            return default;
        }

        var age = time.GetUtcNow().ToUnixTimeSeconds() - body.Timestamp;
        if (age > Freshness.WindowSeconds)
        {
            return new(new Refusal(ErrorCodes.Stale, $"The {body.Type} of {body.Signer} is {age} s old; {Freshness.WindowSeconds} s are allowed. Check the sender's clock."));
        }

        return new(age >= -Freshness.WindowSeconds
            ? null
            : new Refusal(ErrorCodes.InFuture, $"The {body.Type} of {body.Signer} is dated {-age} s ahead; {Freshness.WindowSeconds} s are allowed. Check the sender's clock."));
    }
}
