using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Timing;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// Nothing is dated further ahead than <see cref="Freshness.WindowSeconds"/>; claims, releases, proofs, heartbeats and registrations no further
/// back either. Jobs, cancellations and revocations may be older: they are repeated, in the same bytes, for as long as it takes.
/// </summary>
internal sealed class FreshnessRule(SteadyTime time) : IIngressRule
{
    public bool AnswersSender => true;

    public async ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        await time.SureAsync(cancellationToken); // Nobody is told that its clock is wrong by one that may be.
        var body = message.Snapshot.Body;
        var age = time.GetUtcNow().ToUnixTimeSeconds() - body.Timestamp;
        if (age > Freshness.WindowSeconds && body is MinerSnapshot)
        {
            return new Refusal(ErrorCodes.Stale, $"The {body.Type} of {body.Signer} is {age} s old; {Freshness.WindowSeconds} s are allowed. Check the sender's clock.");
        }

        return age >= -Freshness.WindowSeconds
            ? null
            : new Refusal(ErrorCodes.InFuture, $"The {body.Type} of {body.Signer} is dated {-age} s ahead; {Freshness.WindowSeconds} s are allowed. Check the sender's clock.");
    }
}
