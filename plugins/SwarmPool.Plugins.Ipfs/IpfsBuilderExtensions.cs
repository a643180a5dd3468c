using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
    public static ISwarmPoolBuilder UseIpfs(this ISwarmPoolBuilder builder, Action<IpfsOptions>? configure = null)
    {
        AddOptions(builder, configure);
        builder.Services.AddRpcHttp();
        var baseDirectory = builder.BaseDirectory;
        return builder.Fill<ITransport>("IPFS transport", services => IpfsTransport.Create(
            services.GetRequiredService<IOptions<IpfsOptions>>().Value,
            baseDirectory,
            services.GetRequiredService<IHttpClientFactory>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetRequiredService<ILogger<IpfsTransport>>()));
    }

    /// <summary>Fills the transport slot as a configuration section says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section; its keys are those of <see cref="IpfsOptions"/>. Another key is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseIpfs(this ISwarmPoolBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        AddOptions<IpfsSection>(builder, options => options.UnknownKeys = UnknownKeys(section));
        return builder.UseIpfs(options => Bind(section, options));
    }

    private static void AddOptions<TOptions>(ISwarmPoolBuilder builder, Action<TOptions>? configure)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton(typeof(IValidateOptions<TOptions>), typeof(IpfsOptionsCheck)));
        var options = builder.Services.AddOptions<TOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }
    }

    // A value that can't be read is a problem of the options like any other, to be listed with the rest.
    private static void Bind(IConfigurationSection section, IpfsOptions options)
    {
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException fault)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(IpfsOptions), [fault.Message]);
        }
    }

    private static string[] UnknownKeys(IConfigurationSection section)
    {
        var known = typeof(IpfsOptions).GetProperties()
            .Select(static property => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()!.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. section.GetChildren().Select(static child => child.Key).Where(key => !known.Contains(key))];
    }
}
