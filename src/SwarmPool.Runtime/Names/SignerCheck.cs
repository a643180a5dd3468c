using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Names;

/// <summary>Did the name that a snapshot gives as its signer really sign it?</summary>
/// <param name="names">The names.</param>
/// <param name="engine">Recovers accounts.</param>
/// <param name="time">The clock that delegations end by.</param>
/// <param name="delegations">The delegations that session keys sign by; null where only names' own accounts count.</param>
internal sealed class SignerCheck(NameCache names, ISignatureEngine engine, TimeProvider time, DelegationCache? delegations)
{
    public SignerCheck(NameCache names, ISignatureEngine engine)
        : this(names, engine, TimeProvider.System, null)
    {
    }

    public string Network => names.Network;

    /// <summary>The name's answer, the account that signed and whether that is a contract; or the refusal.</summary>
    /// <param name="snapshot">What was signed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="lapse">By when a delegation must not have ended.</param>
    /// <param name="mayFetch">Whether a delegation may be fetched that is not known yet, which may take a while.</param>
    public async ValueTask<SignatureCheckResult> CheckAsync(
        SignedSnapshot snapshot, CancellationToken cancellationToken, ExpiryCheck lapse = ExpiryCheck.Dated, bool mayFetch = true)
    {
        var name = snapshot.Body.Signer;
        var answer = await names.ResolveAsync(name, cancellationToken);
        if (answer.Status != IdentityStatus.Known)
        {
            return Refused(Unresolved(name, answer));
        }

        var isKey = SnapshotSignature.TryRecover(snapshot, engine, out var account, out var refusal);
        if (isKey && answer.Accounts.Contains(account))
        {
            return new SignatureCheckResult(answer, account, false, null);
        }

        if (delegations is not null && snapshot.Body.Delegation is { } cid)
        {
            return isKey
                ? await CheckDelegationAsync(snapshot, cid, answer, account, lapse, mayFetch, cancellationToken)
                : Refused(refusal!);
        }

        return await AskContractsAsync(
            snapshot,
            answer,
            refusal ?? new Refusal(ErrorCodes.WrongSigner, $"The snapshot was signed by {account}, which may not sign for {name}."),
            cancellationToken);
    }

    /// <summary>
    /// Goes on where <see cref="CheckAsync"/> stopped at a delegation that it was not to fetch, which this does. The name is looked up again:
    /// the snapshot may have waited for a while.
    /// </summary>
    /// <param name="snapshot">What was signed; it names a delegation.</param>
    /// <param name="account">The account that signed it, as was found.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="lapse">By when a delegation must not have ended.</param>
    public async ValueTask<SignatureCheckResult> CheckKeyAsync(
        SignedSnapshot snapshot, EthAddress account, CancellationToken cancellationToken, ExpiryCheck lapse = ExpiryCheck.Dated)
    {
        var name = snapshot.Body.Signer;
        var answer = await names.ResolveAsync(name, cancellationToken);
        if (answer.Status != IdentityStatus.Known)
        {
            return Refused(Unresolved(name, answer));
        }

        return answer.Accounts.Contains(account)
            ? new SignatureCheckResult(answer, account, false, null)
            : await CheckDelegationAsync(snapshot, snapshot.Body.Delegation!.Value, answer, account, lapse, mayFetch: true, cancellationToken);
    }

    /// <summary>Null when a delegation was signed by an account of its name's own.</summary>
    public async ValueTask<Refusal?> VouchAsync(KnownDelegation delegation, IdentityAnswer answer, CancellationToken cancellationToken)
    {
        if (delegation.NotSigned is { } known && ReferenceEquals(known.Answer, answer))
        {
            return known.Refusal;
        }

        // Looked up again with each message, in what is known of the name anyhow: when a name changes hands, its old delegations end.
        if (delegation.DelegationSigner is not { } voucher || !answer.Accounts.Contains(voucher.Account))
        {
            return await LookAsync(delegation, answer, null, cancellationToken);
        }

        // The owners of a contract come and go, and with them whose signature it takes: its word holds as long as the name's answer.
        if (!voucher.ByContract || ReferenceEquals(voucher.Answer, answer) || !delegation.TryBeginAsking())
        {
            return null;
        }

        try
        {
            return await LookAsync(delegation, answer, voucher, cancellationToken);
        }
        finally
        {
            delegation.EndAsking();
        }
    }

    private async ValueTask<Refusal?> LookAsync(KnownDelegation delegation, IdentityAnswer answer, DelegationSigner? last, CancellationToken cancellationToken)
    {
        var signed = delegation.Signed;
        var word = SnapshotSignature.TryRecover(signed, engine, out var account, out _) && answer.Accounts.Contains(account)
            ? new SignatureCheckResult(answer, account, false, null)
            : await AskContractsAsync(signed, answer, new Refusal(ErrorCodes.WrongSigner, "none of its accounts signed it."), cancellationToken);
        if (word.Refusal is null)
        {
            delegation.DelegationSigner = new DelegationSigner(word.Account, word.ByContract, answer, time.GetTimestamp());
            delegations?.Keep(delegation);
            return null;
        }

        if (word.Refusal.Code is not (ErrorCodes.NameUnavailable or ErrorCodes.NameDisputed))
        {
            var refusal = new Refusal(ErrorCodes.DelegationInvalid, $"The delegation is not {delegation.Body.Name}'s: {word.Refusal.Reason}");
            delegation.NotSigned = new NotSigned(answer, refusal);
            return refusal;
        }

        // A contract that can't be asked is like a name that can't be: what was known of it stands for the grace that the name has.
        if (last is null || time.GetElapsedTime(last.Since) > last.Answer.ValidFor + last.Answer.Grace)
        {
            return word.Refusal;
        }

        delegation.DelegationSigner = last with { Answer = answer };
        return null;
    }

    private async ValueTask<SignatureCheckResult> CheckDelegationAsync(
        SignedSnapshot snapshot, Cid cid, IdentityAnswer answer, EthAddress account, ExpiryCheck lapse, bool mayFetch, CancellationToken cancellationToken)
    {
        if (!delegations!.TryGet(cid, out var known, out var refusal))
        {
            if (!mayFetch)
            {
                var unread = new Refusal(ErrorCodes.DelegationUnavailable, $"The delegation {cid} has to be fetched first.");
                return new SignatureCheckResult(answer, account, false, unread) { Unread = cid };
            }

            (known, refusal) = await delegations.GetAsync(cid, cancellationToken);
        }

        refusal ??= DelegationCheck.Against(known!, snapshot.Body, account)
            ?? await VouchAsync(known!, answer, cancellationToken)
            ?? Lapsed(known!, snapshot, lapse);
        return refusal is null ? new SignatureCheckResult(answer, account, false, null) { Delegation = known } : Refused(refusal);
    }

    private Refusal? Lapsed(KnownDelegation known, SignedSnapshot snapshot, ExpiryCheck lapse)
    {
        if (lapse == ExpiryCheck.Elsewhere)
        {
            return null;
        }

        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return DelegationCheck.Lapsed(known.Body, snapshot.Body, now, lapse)
            ?? (delegations!.IsRevoked(known, out var since) ? DelegationCheck.Revoked(known.Body, snapshot.Body, since, lapse) : null);
    }

    // No key of the name's signed it. One of its accounts may be a contract, which alone knows whose signature it takes.
    private async ValueTask<SignatureCheckResult> AskContractsAsync(
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
                    return new SignatureCheckResult(answer, account, true, null);
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

    private Refusal Unresolved(EnsName name, IdentityAnswer answer) => answer.Status switch
    {
        IdentityStatus.Unknown => new Refusal(ErrorCodes.UnknownName, $"The name {name} is not known on {Network}: {answer.Detail}"),
        IdentityStatus.Disputed => new Refusal(ErrorCodes.NameDisputed, $"What {name} is on {Network} is disputed, so nothing is taken or paid by it: {answer.Detail}. Send again later."),
        _ => new Refusal(ErrorCodes.NameUnavailable, $"The name {name} can't be looked up now: {answer.Detail}. Send again later."),
    };

    private static SignatureCheckResult Refused(Refusal refusal) => new(null, default, false, refusal);
}
