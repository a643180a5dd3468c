using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.Settlement;

namespace Company.Plugin1;

/// <summary>Fills the slot: for programs that compose in code, and for the plugin's entry point.</summary>
public static class SettlementBuilderExtensions
{
    /// <summary>Fills the <see cref="ISettlementPolicy"/> slot; code sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ISwarmPoolBuilder UseSettlementRule(this ISwarmPoolBuilder builder, Action<SettlementOptions>? configure = null) =>
        builder.AddSlotOptions<SettlementOptions, SettlementOptionsCheck>(configure).FillSlot();

    /// <summary>Fills the <see cref="ISettlementPolicy"/> slot; the configuration sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The plugin's section. A key that no option has is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseSettlementRule(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<SettlementOptions, SettlementOptionsCheck>(section, ConfigurationBinder.Bind).FillSlot();

    private static ISwarmPoolBuilder FillSlot(this ISwarmPoolBuilder builder) =>
        builder.Fill<ISettlementPolicy>("Company.Plugin1 settlement", static services => new SettlementPolicy(services.GetRequiredService<IOptions<SettlementOptions>>().Value));
}
