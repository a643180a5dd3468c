using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.Verification;

namespace Company.Plugin1;

/// <summary>For programs that compose in code; the plugin folder comes the same way.</summary>
public static class VerifierBuilderExtensions
{
    /// <summary>Fills the <see cref="IProofVerifier"/> slot.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ISwarmPoolBuilder UseJsonVerifier(this ISwarmPoolBuilder builder, Action<VerifierOptions>? configure = null)
    {
        builder.Services.AddOptions<VerifierOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<VerifierOptions>, VerifierOptionsCheck>());
        return builder.Fill<IProofVerifier>("Company.Plugin1 verifier", static services => new JsonVerifier(services.GetRequiredService<IOptions<VerifierOptions>>().Value));
    }
}
