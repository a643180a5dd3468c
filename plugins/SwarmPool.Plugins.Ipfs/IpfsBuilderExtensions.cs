using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs;

/// <summary>Fills the transport slot with an IPFS node.</summary>
public static class IpfsBuilderExtensions
{
    /// <summary>Fills the transport slot: content, publish/subscribe and the pool's public tree, over the RPC API of this party's own node.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are validated when the host starts.</param>
    public static ISwarmPoolBuilder UseIpfs(this ISwarmPoolBuilder builder, Action<IpfsOptions>? configure = null) =>
        builder.AddSlotOptions<IpfsOptions, IpfsOptionsCheck>(configure).FillTransport();

    /// <summary>Fills the transport slot as a configuration section says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section; its keys are those of <see cref="IpfsOptions"/>. Another key is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseIpfs(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<IpfsOptions, IpfsOptionsCheck>(section, static (from, options) => from.Bind(options)).FillTransport();

    private static ISwarmPoolBuilder FillTransport(this ISwarmPoolBuilder builder)
    {
        builder.Services.AddRpcHttp();
        var baseDirectory = builder.BaseDirectory;
        return builder.Fill<ITransport>("IPFS transport", services => IpfsTransport.Create(
            services.GetRequiredService<IOptions<IpfsOptions>>().Value,
            baseDirectory,
            services.GetRequiredService<IHttpClientFactory>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetRequiredService<ILogger<IpfsTransport>>()));
    }
}
