using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SwarmPool.Inference;
using SwarmPool.Plugins;

namespace Company.Plugin1;

/// <summary>For programs that compose in code; the plugin folder comes the same way.</summary>
public static class BackendBuilderExtensions
{
    /// <summary>Fills the <see cref="IInferenceBackend"/> slot.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ISwarmPoolBuilder UseTextModel(this ISwarmPoolBuilder builder, Action<BackendOptions>? configure = null)
    {
        builder.Services.AddOptions<BackendOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BackendOptions>, BackendOptionsCheck>());
        return builder.Fill<IInferenceBackend>("Company.Plugin1 backend", static services => new TextBackend(services.GetRequiredService<IOptions<BackendOptions>>().Value));
    }
}
