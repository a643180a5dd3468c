using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Composing;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Settlement;

namespace SwarmPool.Programs.Daemon;

/// <summary>
/// Which policy a command works with: the configured one, or that of a plugin which the configuration does not use. The
/// latter is composed by itself, since the configured policy has the slot.
/// </summary>
internal static class PolicyChoice
{
    public static Option<string?> Option() => new("--policy")
    {
        Description = "The settlement plugin, by its folder's name; it need not be used by the configuration. Without it: the configured policy.",
        HelpName = "PLUGIN",
    };

    /// <summary>Works with the services of a composition and the chosen policy.</summary>
    /// <param name="builder">The composition, not built yet.</param>
    /// <param name="plugin">The chosen plugin; null for the configured policy.</param>
    /// <param name="work">The work.</param>
    public static Task<T> WithPolicyAsync<T>(this SwarmPoolBuilder builder, string? plugin, Func<IServiceProvider, ISettlementPolicy, Task<T>> work)
    {
        if (plugin is null || builder.Configuration.GetSection("plugins:use").GetChildren().Any(used => used.Key.Equals(plugin, StringComparison.OrdinalIgnoreCase)))
        {
            builder.Require<ISettlementPolicy>("the command");
            return builder.WithServicesAsync(services => work(services, services.GetRequiredService<ISettlementPolicy>()));
        }

        var alone = SwarmPoolBuilder.Create(
            new ConfigurationBuilder().AddInMemoryCollection(
            [
                new("plugins:folder", builder.Configuration["plugins:folder"]),
                new("plugins:lock", builder.Configuration["plugins:lock"]),
                new($"plugins:use:{plugin}", ""),
            ]).Build(),
            builder.BaseDirectory);
        alone.UsePlugins();
        alone.Require<ISettlementPolicy>("the command");
        return alone.WithServicesAsync(chosen => builder.WithServicesAsync(services => work(services, chosen.GetRequiredService<ISettlementPolicy>())));
    }
}
