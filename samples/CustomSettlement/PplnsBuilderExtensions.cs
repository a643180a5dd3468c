using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.Settlement;

namespace CustomSettlement;

/// <summary>Adds PPLNS to a pool.</summary>
public static class PplnsBuilderExtensions
{
    /// <summary>Fills the <see cref="ISettlementPolicy"/> slot with PPLNS; code sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; null keeps the defaults. They are checked when the host starts.</param>
    public static ISwarmPoolBuilder UsePplns(this ISwarmPoolBuilder builder, Action<PplnsOptions>? configure = null) =>
        builder.AddSlotOptions<PplnsOptions, PplnsOptionsCheck>(configure).FillPolicy();

    /// <summary>Fills the <see cref="ISettlementPolicy"/> slot with PPLNS as a section of the configuration says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The plugin's section. A key that no option has is an error when the host starts.</param>
    public static ISwarmPoolBuilder UsePplns(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<PplnsOptions, PplnsOptionsCheck>(section, ConfigurationBinder.Bind).FillPolicy();

    private static ISwarmPoolBuilder FillPolicy(this ISwarmPoolBuilder builder) =>
        builder.Fill<ISettlementPolicy>("PPLNS settlement", static services => new PplnsPolicy(services.GetRequiredService<IOptions<PplnsOptions>>().Value));
}
