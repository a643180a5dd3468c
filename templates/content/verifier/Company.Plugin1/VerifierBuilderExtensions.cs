using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.Verification;

namespace Company.Plugin1;

/// <summary>Fills the slot: for programs that compose in code, and for the plugin's entry point.</summary>
public static class VerifierBuilderExtensions
{
    /// <summary>Fills the <see cref="IProofVerifier"/> slot; code sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ISwarmPoolBuilder UseJsonVerifier(this ISwarmPoolBuilder builder, Action<VerifierOptions>? configure = null) =>
        builder.AddSlotOptions<VerifierOptions, VerifierOptionsCheck>(configure).FillSlot();

    /// <summary>Fills the <see cref="IProofVerifier"/> slot; the configuration sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The plugin's section. A key that no option has is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseJsonVerifier(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<VerifierOptions, VerifierOptionsCheck>(section, ConfigurationBinder.Bind).FillSlot();

    private static ISwarmPoolBuilder FillSlot(this ISwarmPoolBuilder builder) =>
        builder.Fill<IProofVerifier>("Company.Plugin1 verifier", static services => new JsonVerifier(services.GetRequiredService<IOptions<VerifierOptions>>().Value));
}
