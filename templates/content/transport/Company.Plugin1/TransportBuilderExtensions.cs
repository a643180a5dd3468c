using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.Transport;

namespace Company.Plugin1;

/// <summary>For programs that compose in code; the plugin folder comes the same way.</summary>
public static class TransportBuilderExtensions
{
    /// <summary>Fills the <see cref="ITransport"/> slot.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ISwarmPoolBuilder UseLocalNetwork(this ISwarmPoolBuilder builder, Action<TransportOptions>? configure = null)
    {
        builder.Services.AddOptions<TransportOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TransportOptions>, TransportOptionsCheck>());
        return builder.Fill<ITransport>("Company.Plugin1 transport", static services => new LocalTransport(
            LocalNetwork.Named(services.GetRequiredService<IOptions<TransportOptions>>().Value.Network)));
    }
}
