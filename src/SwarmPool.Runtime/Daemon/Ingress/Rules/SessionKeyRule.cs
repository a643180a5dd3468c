using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Names;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>A session key that was not known signs by a delegation that can be fetched and is its name's: the rest of <see cref="SignatureRule"/>.</summary>
internal sealed class SessionKeyRule(SignerCheck signers) : IFetchingRule
{
    public int Workers => 16;

    public bool MustFetch(IngressMessage message) => message.UnknownKey is not null;

    public async ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        if (message.UnknownKey is not { } key)
        {
            return null;
        }

        var check = await signers.CheckKeyAsync(message.Snapshot, key, cancellationToken, SignatureRule.ExpiryOf(message));
        if (check.Refusal is null)
        {
            message.SetSigner(check);
        }

        return check.Refusal;
    }
}
