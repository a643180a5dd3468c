using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Settlement.Processes;
using SwarmPool.Settlement;

namespace SwarmPool.Programs.Composing;

/// <summary>
/// Which policy a command works with: the configured one, or that of a plugin which the configuration does not use. The
/// latter is composed by itself, since the configured policy has the slot.
/// </summary>
public static class PolicyChoice
{
    /// <summary>The option that names the plugin.</summary>
    /// <param name="fallback">What counts without it, e.g. "the configured policy".</param>
    public static Option<string?> Option(string fallback = "the configured policy") => new("--policy")
    {
        Description = $"The settlement plugin, by its folder's name; it need not be used by the configuration. Without it: {fallback}.",
        HelpName = "PLUGIN",
    };

    /// <summary>Works with a composition, not built yet, and the chosen policy, which may be one of its services.</summary>
    /// <param name="builder">The composition.</param>
    /// <param name="plugin">The chosen plugin; null for the configured policy.</param>
    /// <param name="work">The work: it is given how to get the policy from the composition's services.</param>
    public static Task<T> WithPolicyAsync<T>(this SwarmPoolBuilder builder, string? plugin, Func<Func<IServiceProvider, ISettlementPolicy>, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(work);
        if (plugin is null || builder.Configuration.GetSection("plugins:use").GetChildren().Any(used => used.Key.Equals(plugin, StringComparison.OrdinalIgnoreCase)))
        {
            builder.Require<ISettlementPolicy>("the command");
            return work(static services => services.GetRequiredService<ISettlementPolicy>());
        }

        var alone = SwarmPoolBuilder.Create(
            new ConfigurationBuilder().AddInMemoryCollection(
            [
                new("plugins:folder", builder.Configuration["plugins:folder"]),
                new("plugins:lock", builder.Configuration["plugins:lock"]),
                new($"plugins:use:{plugin}", ""),
            ]).Build(),
            builder.BaseDirectory);
        foreach (var program in builder.Services.Where(static service => service.ServiceType == typeof(PolicyProgram)))
        {
            alone.Services.Add(program);
        }

        alone.UsePlugins();
        alone.Require<ISettlementPolicy>("the command");
        return alone.WithServicesAsync(chosen => work(_ => chosen.GetRequiredService<ISettlementPolicy>()));
    }
}
