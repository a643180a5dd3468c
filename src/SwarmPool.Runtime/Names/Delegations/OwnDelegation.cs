using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Names.Delegations;

/// <summary>The delegation by which a party itself signs.</summary>
/// <param name="delegation">The delegation; null when the party's key is its name's own.</param>
/// <param name="role">What the party is.</param>
/// <param name="pool">At which pool.</param>
/// <param name="signers">Tells who signed the delegation.</param>
/// <param name="time">The clock that it ends by.</param>
internal sealed class OwnDelegation(SignedSnapshot? delegation, string role, EnsName pool, SignerCheck signers, TimeProvider time)
{
    /// <summary>False when there is none.</summary>
    public bool Is => delegation is not null;

    /// <summary>Makes sure that the key may sign by it for the name.</summary>
    /// <exception cref="SwarmPoolException">SP1206: it may not; SP2204: a contract has to be asked who signed it, and can't be.</exception>
    public async ValueTask RequireAsync(EnsName name, IdentityAnswer answer, ISigner signer, CancellationToken cancellationToken)
    {
        var known = new KnownDelegation(delegation!);
        var body = known.Body;
        if (body.Name != name || body.Role != role || body.Pool != pool || body.Network != signers.Network)
        {
            throw Unusable($"is of {body.Name} as a {body.Role} for {body.Pool} on {body.Network}, not of {name} as a {role} for {pool} on {signers.Network}");
        }

        if (body.Key != signer.Address)
        {
            throw Unusable($"is for the key of {body.Key}; the key given is that of {signer.Address}");
        }

        if (body.Expires <= time.GetUtcNow().ToUnixTimeSeconds())
        {
            throw Unusable($"expired at unix {body.Expires}");
        }

        if (await signers.VouchAsync(known, answer, cancellationToken) is { } refusal)
        {
            throw refusal.Code is ErrorCodes.NameUnavailable or ErrorCodes.NameDisputed ? new SwarmPoolException(refusal.Code, refusal.Reason) : Unusable($"does not count: {refusal.Reason}");
        }
    }

    /// <summary>Puts it where whoever sees a snapshot that names it can fetch it.</summary>
    public static async ValueTask ShowAsync(IContentStore content, SignedSnapshot? delegation, CancellationToken cancellationToken)
    {
        if (delegation is not null)
        {
            await content.PinAsync(await content.PutAsync(delegation.Bytes, cancellationToken), cancellationToken);
        }
    }

    private static SwarmPoolException Unusable(string what) => new(
        ErrorCodes.DelegationUnusable, $"The delegation that the configuration names {what}. Delegate anew with the program's delegate command, or name the right file and key.");
}
