using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Runtime.Names;

/// <summary>Before a role says anything: may its key sign for its name? Everything it would say is refused otherwise.</summary>
internal static class OwnName
{
    private const int Tries = 5;

    /// <summary>Returns when the key may sign for the name.</summary>
    /// <exception cref="SwarmPoolException">SP2203 unknown name, SP1205 not the name's key, SP2204 can't be told within some seconds.</exception>
    public static async Task CheckAsync(IIdentityProvider names, EnsName name, EthAddress account, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await names.ResolveAsync(name, cancellationToken);
            switch (answer.Status)
            {
                case IdentityStatus.Known when answer.Accounts.Contains(account):
                    return;
                case IdentityStatus.Known:
                    throw new SwarmPoolException(
                        ErrorCodes.KeyNotOfName,
                        $"The key's account {account} may not sign for {name} on {names.Network}, which names {string.Join(", ", answer.Accounts)}. Use a key of one of these, or add {account} to the name.");
                case IdentityStatus.Unknown:
                    throw new SwarmPoolException(
                        ErrorCodes.UnknownName,
                        $"The name {name} is not known on {names.Network}: {answer.Detail}. Check its spelling, or register it and point it to {account}.");
                case IdentityStatus.Unavailable when attempt < Tries:
                    await Task.Delay(TimeSpan.FromSeconds(attempt), time, cancellationToken);
                    break;
                default:
                    throw new SwarmPoolException(
                        ErrorCodes.NameUnavailable,
                        $"The name {name} can't be looked up on {names.Network} now: {answer.Detail}. Check the identity provider's connection and start again.");
            }
        }
    }
}
