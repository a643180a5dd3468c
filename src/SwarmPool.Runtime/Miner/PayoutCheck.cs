using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Names;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// Compares where the pool would pay the miner with what the miner's own lookup of its name gives. A pool whose Ethereum node lies, or whose
/// operator does, would have it work for somebody else.
/// </summary>
/// <param name="names">The miner's own way to look names up. Nothing is remembered: what was known before may be what has changed.</param>
/// <param name="miner">The miner's name.</param>
/// <param name="time">The clock.</param>
internal sealed class PayoutCheck(IIdentityProvider names, EnsName miner, TimeProvider time)
{
    /// <summary>Null when both say the same; else why not, SP2215, or why it can't be told now.</summary>
    /// <param name="announced">Where the pool says that it pays the name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<Refusal?> CheckAsync(EthAddress announced, CancellationToken cancellationToken)
    {
        var answer = await new NameCache(names, time).ResolveAsync(miner, cancellationToken);
        return answer.Status switch
        {
            IdentityStatus.Known => IsPaidAt(answer, announced)
                ? null
                : new Refusal(ErrorCodes.PayoutDiffers, $"The pool would pay {miner} at {announced}; asked here, the name is paid at {answer.Payout ?? answer.Accounts[0]}. Either the pool was told something else or this miner was, so it does no work. Compare by a source that you trust; if the payout was changed within the last minutes, start again later."),
            IdentityStatus.Disputed => new Refusal(ErrorCodes.NameDisputed, $"Where {miner} is paid is disputed: {answer.Detail}."),
            _ => new Refusal(ErrorCodes.NameUnavailable, $"Where {miner} is paid can't be looked up now: {answer.Detail}."),
        };
    }

    // Where no payout is set the name's own account is paid, whichever of them signs.
    private static bool IsPaidAt(IdentityAnswer answer, EthAddress announced) =>
        answer.Payout is { } payout ? payout == announced : answer.Accounts.Contains(announced);
}
