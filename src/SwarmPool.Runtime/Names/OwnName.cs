using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Names.Delegations;

namespace SwarmPool.Runtime.Names;

/// <summary>A party's own name: known, and signed for by the key that it was given, itself or by a delegation.</summary>
internal static class OwnName
{
    /// <exception cref="SwarmPoolException">SP1209, SP2204 or SP1205; by a delegation SP1206.</exception>
    public static async ValueTask RequireAsync(
        NameCache names, EnsName name, ISigner signer, CancellationToken cancellationToken, OwnDelegation? delegation = null)
    {
        if (delegation is { Is: true })
        {
            await delegation.RequireAsync(name, await ResolveAsync(names, name, cancellationToken), signer, cancellationToken);
            return;
        }

        var answer = await ResolveAsync(names, name, cancellationToken, signer);
        if (!answer.Accounts.Contains(signer.Address))
        {
            throw new SwarmPoolException(
                ErrorCodes.KeyNotOfName,
                $"The key given signs for {signer.Address}, but {name} belongs to {string.Join(", ", answer.Accounts)} on {names.Network}. Use that account's key, change the name's account, or let the name delegate to this key.");
        }
    }

    /// <param name="names">The names.</param>
    /// <param name="name">Whose.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="signer">Who is to sign for it, when somebody is: a message then says which account the name should point at.</param>
    /// <exception cref="SwarmPoolException">SP1209 or SP2204.</exception>
    public static async ValueTask<IdentityAnswer> ResolveAsync(NameCache names, EnsName name, CancellationToken cancellationToken, ISigner? signer = null)
    {
        var answer = await names.ResolveAsync(name, cancellationToken);
        return answer.Status switch
        {
            IdentityStatus.Known => answer,
            IdentityStatus.Unknown => throw new SwarmPoolException(
                ErrorCodes.OwnNameUnknown, $"The name {name} is not known on {names.Network}: {answer.Detail}. {WhatToDo(signer)}"),
            IdentityStatus.Disputed => throw new SwarmPoolException(
                ErrorCodes.NameDisputed, $"What {name} is on {names.Network} is disputed: {answer.Detail}. Find out which of the sources to trust, and name more of them."),
            _ => throw new SwarmPoolException(
                ErrorCodes.NameUnavailable, $"The name {name} can't be looked up now: {answer.Detail}. Try again when the names can be reached."),
        };
    }

    /// <summary>The pool's name is one: by one that doesn't exist nothing that the pool says could be believed.</summary>
    /// <exception cref="SwarmPoolException">SP1209: there is no such name. What can't be looked up now is no answer, and not waited for here.</exception>
    public static async ValueTask RequirePoolAsync(NameCache names, EnsName pool, CancellationToken cancellationToken)
    {
        if (await names.ResolveAsync(pool, cancellationToken) is { Status: IdentityStatus.Unknown, Detail: var why })
        {
            throw new SwarmPoolException(
                ErrorCodes.OwnNameUnknown, $"The pool's name {pool} is not known on {names.Network}: {why}. Fix it (pool_ens, --pool), or ask the pool's operator which it is.");
        }
    }

    private static string WhatToDo(ISigner? signer) =>
        signer is null ? "Register it there first." : $"Register it there and let it point at {signer.Address}, the account of the key given.";
}
