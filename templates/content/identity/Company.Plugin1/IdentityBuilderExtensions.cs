using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Plugins;

namespace Company.Plugin1;

/// <summary>Fills the slot: for programs that compose in code, and for the plugin's entry point.</summary>
public static class IdentityBuilderExtensions
{
    /// <summary>Fills the <see cref="IIdentityProvider"/> slot; code sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are checked when the host starts.</param>
    public static ISwarmPoolBuilder UseNameList(this ISwarmPoolBuilder builder, Action<IdentityOptions>? configure = null) =>
        builder.AddSlotOptions<IdentityOptions, IdentityOptionsCheck>(configure).FillSlot();

    /// <summary>Fills the <see cref="IIdentityProvider"/> slot; the configuration sets the options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The plugin's section. A key that no option has is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseNameList(this ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.AddSlotOptions<IdentityOptions, IdentityOptionsCheck>(section, ConfigurationBinder.Bind).FillSlot();

    private static ISwarmPoolBuilder FillSlot(this ISwarmPoolBuilder builder)
    {
        var folder = builder.BaseDirectory;
        return builder.Fill<IIdentityProvider>("Company.Plugin1 identity", services => new NameList(services.GetRequiredService<IOptions<IdentityOptions>>().Value, folder));
    }
}
