using SwarmPool.Settlement;

namespace CustomSettlement;

/// <summary>Who did how much of one epoch's work.</summary>
/// <param name="Number">The epoch's number.</param>
/// <param name="Shares">Shares (micro-USDC of work) by payee; each more than zero.</param>
internal sealed record EpochShares(long Number, IReadOnlyDictionary<Payee, long> Shares)
{
    public Int128 Total { get; } = Shares.Values.Aggregate(Int128.Zero, static (sum, shares) => sum + shares);
}
