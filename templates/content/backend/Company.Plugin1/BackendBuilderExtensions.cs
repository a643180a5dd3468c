using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Inference;
using SwarmPool.Plugins;

namespace Company.Plugin1;

/// <summary>Fills the slot: for programs that compose in code, and for the plugin's entry point.</summary>
public static class BackendBuilderExtensions
{
    /// <summary>Fills the <see cref="IInferenceBackend"/> slot; code sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ISwarmPoolBuilder UseTextModel(this ISwarmPoolBuilder builder, Action<BackendOptions>? configure = null) =>
        builder.AddSlotOptions<BackendOptions, BackendOptionsCheck>(configure).FillSlot();

    /// <summary>Fills the <see cref="IInferenceBackend"/> slot; the configuration sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The plugin's section. A key that no option has is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseTextModel(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<BackendOptions, BackendOptionsCheck>(section, ConfigurationBinder.Bind).FillSlot();

    private static ISwarmPoolBuilder FillSlot(this ISwarmPoolBuilder builder) =>
        builder.Fill<IInferenceBackend>("Company.Plugin1 backend", static services => new TextBackend(services.GetRequiredService<IOptions<BackendOptions>>().Value));
}
