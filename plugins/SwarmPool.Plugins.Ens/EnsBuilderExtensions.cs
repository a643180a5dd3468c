using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
    public static ISwarmPoolBuilder UseEns(this ISwarmPoolBuilder builder, Action<EnsOptions>? configure = null)
    {
        AddOptions(builder, configure);
        builder.Services.AddRpcHttp().AddGatewayHttp();
        var baseDirectory = builder.BaseDirectory;
        builder.Services.AddOptions<EnsOptions>().PostConfigure(options => EndpointFile.AddTo(options, baseDirectory));
        return builder.Fill<IIdentityProvider>("ENS", services => EnsIdentity.Create(
            services.GetRequiredService<IOptions<EnsOptions>>().Value,
            services.GetRequiredService<IHttpClientFactory>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetRequiredService<ILogger<EnsIdentity>>()));
    }

    /// <summary>Fills the identity slot as a configuration section says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section; its keys are those of <see cref="EnsOptions"/>. Another key is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseEns(this ISwarmPoolBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        AddOptions<EnsSection>(builder, options => options.UnknownKeys = UnknownKeys(section));
        return builder.UseEns(options => Bind(section, options));
    }

    private static void AddOptions<TOptions>(ISwarmPoolBuilder builder, Action<TOptions>? configure)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton(typeof(IValidateOptions<TOptions>), typeof(EnsOptionsCheck)));
        var options = builder.Services.AddOptions<TOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }
    }

    // A value that can't be read is a problem of the options like any other, to be listed with the rest.
    private static void Bind(IConfigurationSection section, EnsOptions options)
    {
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException fault)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(EnsOptions), [fault.Message]);
        }
    }

    private static string[] UnknownKeys(IConfigurationSection section)
    {
        var known = typeof(EnsOptions).GetProperties()
            .Select(static property => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()!.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. section.GetChildren().Select(static child => child.Key).Where(key => !known.Contains(key))];
    }
}
