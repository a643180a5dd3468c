using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// Nothing is dated further ahead than <see cref="Freshness.WindowSeconds"/>; claims, releases, proofs, heartbeats and registrations no further
/// back either. Jobs, cancellations and revocations may be older: they are repeated, in the same bytes, for as long as it takes.
/// </summary>
internal sealed class FreshnessRule(TimeProvider time) : IIngressRule
{
    public bool AnswersSender => true;

    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        var body = message.Snapshot.Body;
        var age = time.GetUtcNow().ToUnixTimeSeconds() - body.Timestamp;
        if (age > Freshness.WindowSeconds && body is MinerSnapshot)
        {
            return new(new Refusal(ErrorCodes.Stale, $"The {body.Type} of {body.Signer} is {age} s old; {Freshness.WindowSeconds} s are allowed. Check the sender's clock."));
        }

        return new(age >= -Freshness.WindowSeconds
            ? null
            : new Refusal(ErrorCodes.InFuture, $"The {body.Type} of {body.Signer} is dated {-age} s ahead; {Freshness.WindowSeconds} s are allowed. Check the sender's clock."));
    }
}
