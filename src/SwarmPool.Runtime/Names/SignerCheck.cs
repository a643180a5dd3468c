using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Signatures;
using SwarmPool.Runtime.Snapshots;

namespace SwarmPool.Runtime.Names;

/// <summary>Did the name that a snapshot gives as its signer really sign it?</summary>
internal sealed class SignerCheck(NameDirectory names, ISignatureEngine engine)
{
    public string Network => names.Network;

    /// <summary>The name's answer and the account that signed, or the refusal.</summary>
    public async ValueTask<(IdentityAnswer? Answer, EthAddress Account, Refusal? Refusal)> CheckAsync(
        SignedSnapshot snapshot, CancellationToken cancellationToken)
    {
        var name = snapshot.Body.Signer;
        var answer = await names.ResolveAsync(name, cancellationToken);
        if (answer.Status != IdentityStatus.Known)
        {
            return (null, default, answer.Status == IdentityStatus.Unknown
                ? new Refusal(ErrorCodes.UnknownName, $"The name {name} is not known on {Network}: {answer.Detail}")
                : new Refusal(ErrorCodes.NameUnavailable, $"The name {name} can't be looked up now: {answer.Detail}. Send again later."));
        }

        if (!SnapshotSignature.TryRecover(snapshot, engine, out var account, out var refusal))
        {
            return (null, default, refusal);
        }

        return answer.Accounts.Contains(account)
            ? (answer, account, null)
            : (null, default, new Refusal(ErrorCodes.WrongSigner, $"The snapshot was signed by {account}, which may not sign for {name}."));
    }
}
