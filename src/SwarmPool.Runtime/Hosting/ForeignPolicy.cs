using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Files;
using SwarmPool.Runtime.Containment;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Settlement.Processes;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// Which settlement policies run in a process of their own: those of plugin folders that don't lie with the program, where it has said how
/// such a process is started. What was composed in code, or came with the program, is as trusted as the program is.
/// </summary>
internal static class ForeignPolicy
{
    /// <summary>The policy in a process of its own; null where it belongs into this one.</summary>
    public static ISettlementPolicy? TryMake(SlotFilling filling, PluginPlace place, IServiceProvider services)
    {
        if (filling.Contract != typeof(ISettlementPolicy) || filling.Plugin is not { } plugin || services.GetService<PolicyProgram>() is not { } program
            || services.GetServices<LoadedPlugin>().FirstOrDefault(loaded => loaded.Name == plugin) is not { } loaded || LiesWithProgram(loaded.Path))
        {
            return null;
        }

        var (configuration, folder) = services.GetRequiredService<CompositionPlace>();
        var composition = new PolicyComposition(folder, new Dictionary<string, string?>(Needed(configuration, plugin), StringComparer.OrdinalIgnoreCase));
        return new ProcessPolicy(program, composition, place, services.GetRequiredService<PluginFaults>(), services.GetRequiredService<TimeProvider>());
    }

    private static IEnumerable<KeyValuePair<string, string?>> Needed(IConfiguration configuration, string plugin)
    {
        var section = configuration.GetSection("plugins:use").GetChildren().First(used => used.Key.Equals(plugin, StringComparison.OrdinalIgnoreCase));
        return
        [
            new("plugins:folder", configuration["plugins:folder"]),
            new("plugins:lock", configuration["plugins:lock"]),
            new(section.Path, ""),
            .. section.AsEnumerable().Where(static value => value.Value is not null && value.Key.Count(static c => c == ':') > 2),
        ];
    }

    /// <summary>Whether a plugin came with the program.</summary>
    public static bool LiesWithProgram(string path) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(RealPath.Of(AppContext.BaseDirectory)) + Path.DirectorySeparatorChar, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}

/// <summary>The configuration of a composition, and what its relative paths are relative to.</summary>
internal sealed record CompositionPlace(IConfiguration Configuration, string BaseDirectory);
