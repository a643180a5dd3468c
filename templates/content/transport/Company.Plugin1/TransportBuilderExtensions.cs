using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.Transport;

namespace Company.Plugin1;

/// <summary>Fills the slot: for programs that compose in code, and for the plugin's entry point.</summary>
public static class TransportBuilderExtensions
{
    /// <summary>Fills the <see cref="ITransport"/> slot; code sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ISwarmPoolBuilder UseLocalNetwork(this ISwarmPoolBuilder builder, Action<TransportOptions>? configure = null) =>
        builder.AddSlotOptions<TransportOptions, TransportOptionsCheck>(configure).FillSlot();

    /// <summary>Fills the <see cref="ITransport"/> slot; the configuration sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The plugin's section. A key that no option has is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseLocalNetwork(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<TransportOptions, TransportOptionsCheck>(section, ConfigurationBinder.Bind).FillSlot();

    private static ISwarmPoolBuilder FillSlot(this ISwarmPoolBuilder builder) =>
        builder.Fill<ITransport>("Company.Plugin1 transport", static services => new LocalTransport(
            LocalNetwork.Named(services.GetRequiredService<IOptions<TransportOptions>>().Value.Network)));
}
