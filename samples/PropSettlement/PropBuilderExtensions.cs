using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.Settlement;

namespace PropSettlement;

/// <summary>Adds PROP to a pool.</summary>
public static class PropBuilderExtensions
{
    /// <summary>Fills the <see cref="ISettlementPolicy"/> slot with PROP; code sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options, <see cref="PropOptions.FeeTo"/> at least. They are checked when the host starts.</param>
    public static ISwarmPoolBuilder UseProp(this ISwarmPoolBuilder builder, Action<PropOptions> configure) =>
        builder.AddSlotOptions<PropOptions, PropOptionsCheck>(configure).FillPolicy();

    /// <summary>Fills the <see cref="ISettlementPolicy"/> slot with PROP as a section of the configuration says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The plugin's section. A key that no option has is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseProp(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<PropOptions, PropOptionsCheck>(section, ConfigurationBinder.Bind).FillPolicy();

    private static ISwarmPoolBuilder FillPolicy(this ISwarmPoolBuilder builder) =>
        builder.Fill<ISettlementPolicy>("PROP settlement", static services => new PropPolicy(services.GetRequiredService<IOptions<PropOptions>>().Value));
}
