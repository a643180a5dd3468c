using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Signatures;
using SwarmPool.Runtime.Snapshots;

namespace SwarmPool.Runtime.Names;

/// <summary>Did the name that a snapshot gives as its signer really sign it?</summary>
internal sealed class SignerCheck(NameDirectory names, ISignatureEngine engine)
{
    public string Network => names.Network;

    /// <summary>The name's answer, the account that signed and whether that is a contract; or the refusal.</summary>
    public async ValueTask<(IdentityAnswer? Answer, EthAddress Account, bool ByContract, Refusal? Refusal)> CheckAsync(
        SignedSnapshot snapshot, CancellationToken cancellationToken)
    {
        var name = snapshot.Body.Signer;
        var answer = await names.ResolveAsync(name, cancellationToken);
        if (answer.Status != IdentityStatus.Known)
        {
            return Refused(answer.Status == IdentityStatus.Unknown
                ? new Refusal(ErrorCodes.UnknownName, $"The name {name} is not known on {Network}: {answer.Detail}")
                : new Refusal(ErrorCodes.NameUnavailable, $"The name {name} can't be looked up now: {answer.Detail}. Send again later."));
        }

        if (SnapshotSignature.TryRecover(snapshot, engine, out var account, out var refusal) && answer.Accounts.Contains(account))
        {
            return (answer, account, false, null);
        }

        return await AskContractsAsync(
            snapshot,
            answer,
            refusal ?? new Refusal(ErrorCodes.WrongSigner, $"The snapshot was signed by {account}, which may not sign for {name}."),
            cancellationToken);
    }

    // No key of the name's signed it. One of its accounts may be a contract, which alone knows whose signature it takes.
    private async ValueTask<(IdentityAnswer?, EthAddress, bool, Refusal?)> AskContractsAsync(
        SignedSnapshot snapshot, IdentityAnswer answer, Refusal refusal, CancellationToken cancellationToken)
    {
        if (!SnapshotSignature.TryReadForContract(snapshot, out var hash, out var signature))
        {
            return Refused(refusal);
        }

        foreach (var account in answer.Accounts)
        {
            var word = await names.AskContractAsync(account, hash, signature, cancellationToken);
            switch (word.Status)
            {
                case ContractStatus.Accepted:
                    return (answer, account, true, null);
                case ContractStatus.Refused:
                    refusal = new Refusal(ErrorCodes.WrongSigner, $"The contract {account} does not take the signature as {snapshot.Body.Signer}'s: {word.Detail}");
                    break;
                case ContractStatus.Unavailable:
                    return Refused(new Refusal(
                        ErrorCodes.NameUnavailable, $"The contract {account} of {snapshot.Body.Signer} can't be asked now: {word.Detail}. Send again later."));
            }
        }

        return Refused(refusal);
    }

    private static (IdentityAnswer?, EthAddress, bool, Refusal?) Refused(Refusal refusal) => (null, default, false, refusal);
}
