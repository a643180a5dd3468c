using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Names;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// The name that the snapshot gives signed it, with an account that may sign for it, or a session key of its did. Whether that key's
/// delegation has ended is for the pool's rules to say, by what is recorded; but for heartbeats, most of which never reach them.
/// A key whose delegation has to be fetched is left to <see cref="SessionKeyRule"/>.
/// </summary>
internal sealed class SignatureRule(SignerCheck signers) : IIngressRule
{
    public async ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        var check = await signers.CheckAsync(message.Snapshot, cancellationToken, ExpiryOf(message), mayFetch: false);
        if (check.Unread is not null)
        {
            message.UnknownKey = check.Account;
            return null;
        }

        if (check.Refusal is null)
        {
            message.SetSigner(check);
        }

        return check.Refusal;
    }

    /// <summary>By when a delegation must not have ended.</summary>
    public static ExpiryCheck ExpiryOf(IngressMessage message) => message.Snapshot.Body is HeartbeatSnapshot ? ExpiryCheck.Now : ExpiryCheck.Elsewhere;
}
