using SwarmPool.Core.Pool;
using SwarmPool.Runtime.Names;

namespace SwarmPool.Runtime.Daemon.Leadership;

/// <summary>What is recorded of who signed a message.</summary>
internal static class NameFacts
{
    /// <param name="check">A check that refused nothing.</param>
    public static NameFact Of(SignatureCheckResult check)
    {
        // Where no payout is known the name's own account is paid, never a session key.
        var own = check.Delegation?.DelegationSigner!.Account ?? check.Account;
        return new NameFact(
            check.Account, check.Answer!.Payout ?? own, check.Answer.Block, check.Answer.Stake, check.ByContract ? true : null, check.Delegation?.Digest);
    }
}
