using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Names;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// The name that the snapshot gives signed it, with an account that may sign for it, or a session key of its did. Whether that key's
/// delegation has ended is judged by the rules, by what is recorded; but for heartbeats, most of which never come before them.
/// </summary>
internal sealed class SignatureRule(SignerCheck signers) : IIngressRule
{
    public async ValueTask<Refusal?> CheckAsync(IngressMessage item, CancellationToken cancellationToken)
    {
        var lapse = item.Snapshot.Body is HeartbeatSnapshot ? ExpiryCheck.Now : ExpiryCheck.Elsewhere;
        var word = await signers.CheckAsync(item.Snapshot, cancellationToken, lapse, item.MayFetch);
        item.NeedsDelegation = word.Unread is not null;
        item.Delegation = word.Delegation;
        if (word.Refusal is null)
        {
            // Where no payout is known the name's own account is paid, never a session key.
            var own = word.Delegation?.DelegationSigner!.Account ?? word.Account;
            item.Signer = new NameFact(
                word.Account, word.Answer!.Payout ?? own, word.Answer.Block, word.Answer.Stake, word.ByContract ? true : null, word.Delegation?.Digest);
        }

        return word.Refusal;
    }
}
