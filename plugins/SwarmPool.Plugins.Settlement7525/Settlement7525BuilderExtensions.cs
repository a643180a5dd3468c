using SwarmPool.Settlement;

namespace SwarmPool.Plugins.Settlement7525;

/// <summary>Adds the 75/25 settlement policy to a pool.</summary>
public static class Settlement7525BuilderExtensions
{
    /// <summary>
    /// Fills the <see cref="ISettlementPolicy"/> slot with "75/25" 1.0.0: a SOLO miner gets floor(75 %) of each own job's price;
    /// the PPS miners share floor(75 %) of their jobs' volume by price, to the last micro-USDC; operations get the rest.
    /// </summary>
    /// <remarks>It takes no options: who audits an epoch needs nothing but the name and the version of the rule.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static ISwarmPoolBuilder UseSettlement7525(this ISwarmPoolBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Fill<ISettlementPolicy>("75/25 settlement", static _ => new Settlement7525Policy());
    }
}
