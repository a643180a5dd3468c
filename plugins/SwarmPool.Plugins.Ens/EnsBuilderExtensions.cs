using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Offchain;
using SwarmPool.Plugins.Ens.Rpc;

namespace SwarmPool.Plugins.Ens;

/// <summary>Fills the identity slot with ENS.</summary>
public static class EnsBuilderExtensions
{
    /// <summary>Fills the identity slot: which accounts may sign for a name and where it is paid, as an Ethereum node says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are validated when the host starts.</param>
    public static ISwarmPoolBuilder UseEns(this ISwarmPoolBuilder builder, Action<EnsOptions>? configure = null) =>
        builder.AddSlotOptions<EnsOptions, EnsOptionsCheck>(configure).FillIdentity();

    /// <summary>Fills the identity slot as a configuration section says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section; its keys are those of <see cref="EnsOptions"/>. Another key is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseEns(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<EnsOptions, EnsOptionsCheck>(section, static (from, options) => from.Bind(options)).FillIdentity();

    private static ISwarmPoolBuilder FillIdentity(this ISwarmPoolBuilder builder)
    {
        builder.Services.AddRpcHttp().AddGatewayHttp();
        var baseDirectory = builder.BaseDirectory;
        builder.Services.AddOptions<EnsOptions>().PostConfigure(options => EndpointFile.AddTo(options, baseDirectory));
        return builder.Fill<IIdentityProvider>("ENS", services => EnsIdentity.Create(
            services.GetRequiredService<IOptions<EnsOptions>>().Value,
            services.GetRequiredService<IHttpClientFactory>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetRequiredService<ILogger<EnsIdentity>>()));
    }
}
