using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.Verification;

namespace CustomVerifier;

/// <summary>Judges factors.</summary>
public static class FactorBuilderExtensions
{
    /// <summary>Fills the <see cref="IProofVerifier"/> slot; code sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options. They are checked when the host starts.</param>
    public static ISwarmPoolBuilder UseFactorVerifier(this ISwarmPoolBuilder builder, Action<FactorOptions>? configure = null) =>
        builder.AddSlotOptions<FactorOptions, FactorOptionsCheck>(configure).FillVerifier();

    /// <summary>Fills the <see cref="IProofVerifier"/> slot as a section of the configuration says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The plugin's section. A key that no option has is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseFactorVerifier(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<FactorOptions, FactorOptionsCheck>(section, ConfigurationBinder.Bind).FillVerifier();

    private static ISwarmPoolBuilder FillVerifier(this ISwarmPoolBuilder builder) =>
        builder.Fill<IProofVerifier>("Factors as proof verifier", static services => new FactorVerifier(services.GetRequiredService<IOptions<FactorOptions>>().Value));
}
