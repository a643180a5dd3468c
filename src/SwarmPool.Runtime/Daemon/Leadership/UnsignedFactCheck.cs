using System.Globalization;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon.Checks;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.Runtime.Names;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Leadership;

/// <summary>
/// Asks again what came from outside with records that the pool has not signed: whom a name pays, what a verifier says of a proof and of which answers agree, how a policy
/// settles an epoch, whether the pool signed what an epoch was sealed by. The rules take such facts as they find them; whoever can write the store could have written others.
/// </summary>
/// <param name="names">Asks names and signatures.</param>
/// <param name="verify">Asks the verifier.</param>
/// <param name="compare">Asks the verifier which answers agree.</param>
/// <param name="settle">Asks the policy: what the settlement of an epoch is, from the policy state that it begins with.</param>
/// <param name="pool">The pool's name.</param>
/// <param name="content">Has what epochs were sealed by.</param>
/// <param name="time">The clock.</param>
internal sealed class UnsignedFactCheck(
    SignerCheck names, UnsignedFactCheck.Verify verify, AgreementWords.Find compare, UnsignedFactCheck.Settle settle, EnsName pool, ContentReader content, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>So many are asked at a time.</summary>
    private const int AtOnce = 32;

    public delegate ValueTask<(VerdictFact? Verdict, Refusal? Refusal)> Verify(SignedSnapshot snapshot, ProofSnapshot proof, CancellationToken cancellationToken);

    public delegate ValueTask<(SettlementFact? Fact, Refusal? Refusal)> Settle(EpochAccount epoch, string policyState, CancellationToken cancellationToken);

    /// <exception cref="SwarmPoolException">SP4009: an answer is another than what is recorded, or there is none for a minute.</exception>
    public async ValueTask CheckAsync(IEnumerable<UnsignedFact> facts, CancellationToken cancellationToken)
    {
        foreach (var some in facts.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(fact => CheckAsync(fact, cancellationToken).AsTask()));
        }
    }

    // What can't be asked now may be a moment later. Not for ever: another daemon may be able to.
    private async ValueTask CheckAsync(UnsignedFact fact, CancellationToken cancellationToken)
    {
        for (var begun = time.GetTimestamp(); await DifferenceAsync(fact, cancellationToken) is { } difference; await Task.Delay(Pause, time, cancellationToken))
        {
            if (!difference.IsUnanswered)
            {
                throw UnsignedTail.Refused(fact.Sequence, difference.What);
            }

            if (time.GetElapsedTime(begun) >= Patience)
            {
                throw UnsignedTail.Unanswered(fact.Sequence, difference.What);
            }
        }
    }

    private async ValueTask<Difference?> DifferenceAsync(UnsignedFact fact, CancellationToken cancellationToken) => fact switch
    {
        { Question: { } question } => await AgreementAsync(fact.Facts.Agreement!, question, cancellationToken),
        { Snapshot: { } snapshot } => await SignerAsync(fact, snapshot, cancellationToken) ?? await VerdictAsync(fact, snapshot, cancellationToken),
        { Sealed: { } sealed_ } => await SealAsync(sealed_, cancellationToken),
        _ => await SettlementAsync(fact, cancellationToken),
    };

    private async ValueTask<Difference?> SignerAsync(UnsignedFact fact, SignedSnapshot snapshot, CancellationToken cancellationToken)
    {
        var recorded = fact.Facts.Signer!;
        var now = await names.CheckAsync(snapshot, cancellationToken, ExpiryCheck.Elsewhere);
        if (now.Refusal is { } refusal)
        {
            return new($"its {snapshot.Body.Type} is recorded as {snapshot.Body.Signer}'s; asked again, {refusal}", refusal);
        }

        var found = NameFacts.Of(now);
        return Comparable(found) == Comparable(recorded)
            ? null
            : new($"its {snapshot.Body.Type} is recorded as signed for {snapshot.Body.Signer} by {recorded.Account}, to be paid to {recorded.Payout}; asked again, {found.Account} signed it and the name is paid to {found.Payout}");
    }

    private async ValueTask<Difference?> VerdictAsync(UnsignedFact fact, SignedSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (fact.Facts.Verdict is not { } recorded || snapshot.Body is not ProofSnapshot proof)
        {
            return null;
        }

        // A verifier that wanted another replica then may have seen enough by now, or the other way round: it took the proof.
        var (verdict, refusal) = await verify(snapshot, proof, cancellationToken);
        return verdict is null
            ? new($"its proof of {proof.JobCid} is recorded as right; asked again, {refusal}", refusal)
            : verdict.Usage != recorded.Usage
                ? new($"its proof of {proof.JobCid} is recorded as counted to {recorded.Usage?.ToString() ?? "nothing"}; counted again, {verdict.Usage?.ToString() ?? "nothing"}")
            : verdict.Verifier == recorded.Verifier
                ? null
                : new($"its proof of {proof.JobCid} is recorded as taken by the verifier {recorded.Verifier}; here is {verdict.Verifier}");
    }

    // That it had no word then says nothing of anybody.
    private async ValueTask<Difference?> AgreementAsync(AgreementFact recorded, AgreementQuestion question, CancellationToken cancellationToken)
    {
        if (AgreementFact.IsUntold(recorded))
        {
            return null;
        }

        var (found, refusal) = await compare(question, cancellationToken);
        return found is null
            ? new($"the answers to {question.Job} are recorded as compared; asked again, {refusal}", refusal)
            : Text(found) == Text(recorded)
                ? null
                : new($"the answers to {question.Job} are recorded as {Text(recorded)}; compared again, {Text(found)}");
    }

    private async ValueTask<Difference?> SettlementAsync(UnsignedFact fact, CancellationToken cancellationToken)
    {
        var recorded = fact.Facts.Settlement!;
        if (fact.Epoch is not { } epoch)
        {
            return new("it settles an epoch that is not closed");
        }

        if (recorded.Replaced)
        {
            return new($"it settles {epoch.Id} by a policy that replaced the pool's, {recorded.Policy.Name} {recorded.Policy.Version}, which only who did it can vouch for");
        }

        var (settled, refusal) = await settle(epoch, fact.PolicyState, cancellationToken);
        return settled is null
            ? new($"it settles {epoch.Id}; asked again, {refusal}")
            : Text(settled) == Text(recorded)
                ? null
                : new($"it settles {epoch.Id} as {Brief(recorded)}; asked again, {Brief(settled)}");
    }

    // That the sums in it are right is for its readers to recompute; that it is the pool's own word is what the record claims.
    private async ValueTask<Difference?> SealAsync(SealedInput sealed_, CancellationToken cancellationToken)
    {
        var id = EpochAccount.IdOf(sealed_.Epoch);
        var (found, refusal) = await content.FetchSnapshotAsync<EpochSnapshot>(sealed_.Cid, Patience, cancellationToken);
        if (found is null)
        {
            return new($"it seals {id} by {sealed_.Cid}; asked for, {refusal}", refusal);
        }

        var signer = await names.CheckAsync(found.Signed, cancellationToken, ExpiryCheck.Elsewhere);
        return signer.Refusal is { } wrong
            ? new($"it seals {id} by {sealed_.Cid}, which the pool did not sign: {wrong}", wrong)
            : found.Body.Number == sealed_.Epoch && found.Body.Pool == pool && found.Body.Network == names.Network
                ? null
                : new($"it seals {id} by {sealed_.Cid}, which is {found.Body.EpochId} of {found.Body.Pool} on {found.Body.Network}");
    }

    // At which block a name was read, and what stake it had then, may differ a moment later; whom it pays may not.
    private static NameFact Comparable(NameFact fact) => fact with { Block = 0, Stake = null };

    private static string Text(AgreementFact fact) =>
        $"{fact.Verifier}: {string.Join(" | ", fact.Groups.Select(static group => string.Join(' ', group.Order())))}, aside {string.Join(' ', fact.Aside?.Order() ?? Enumerable.Empty<long>())}";

    private static string Text(SettlementFact fact) => string.Join(
        '\n',
        [fact.Policy.Name, fact.Policy.Version, fact.OperationsPayee.ToString(), fact.Operations.ToString(), fact.PolicyState, .. fact.Miners.Select(static item => item.ToString()), "declared", .. (fact.Declared ?? []).Select(static item => item.ToString()),
            "checkers", .. (fact.Checkers ?? []).Select(static item => item.ToString())]);

    private static string Brief(SettlementFact fact) => string.Create(
        CultureInfo.InvariantCulture, $"{fact.Operations} for {fact.OperationsPayee.Name} ({fact.OperationsPayee.Address}) and {fact.Miners.Count} payees of miners, by {fact.Policy.Name} {fact.Policy.Version}");

    /// <param name="What">What differs.</param>
    /// <param name="Refusal">Why there is no answer; null when there is one.</param>
    private sealed record Difference(string What, Refusal? Refusal = null)
    {
        public bool IsUnanswered => Refusal?.Code is ErrorCodes.NameUnavailable or ErrorCodes.NameDisputed or ErrorCodes.DelegationUnavailable
            or ErrorCodes.ContentNotFound or ErrorCodes.ContentUnavailable or ErrorCodes.OutputUnavailable or ErrorCodes.VerifierFailed
            or ErrorCodes.AgreementUnavailable;
    }
}
