using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Plugins;

namespace Company.Plugin1;

/// <summary>For programs that compose in code; the plugin folder comes the same way.</summary>
public static class IdentityBuilderExtensions
{
    /// <summary>Fills the <see cref="IIdentityProvider"/> slot.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ISwarmPoolBuilder UseNameList(this ISwarmPoolBuilder builder, Action<IdentityOptions>? configure = null)
    {
        builder.Services.AddOptions<IdentityOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IdentityOptions>, IdentityOptionsCheck>());
        var folder = builder.BaseDirectory;
        return builder.Fill<IIdentityProvider>("Company.Plugin1 identity", services => new NameList(
            services.GetRequiredService<IOptions<IdentityOptions>>().Value, folder));
    }
}
