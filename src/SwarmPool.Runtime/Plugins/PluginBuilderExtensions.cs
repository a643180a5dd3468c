using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Plugins;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Plugins.Preflight;
using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Runtime.Plugins;

/// <summary>Adds the plugins that configuration names.</summary>
public static class PluginBuilderExtensions
{
    /// <summary>
    /// Loads every plugin under <c>plugins:use</c> of the configuration and lets it register itself with its own section:
    /// discovered, checked as data, loaded, registered. Nothing of a plugin runs before its checks have passed.
    /// Each is then listed as a <see cref="LoadedPlugin"/> service. One that fails hides no other: all problems are reported at once.
    /// </summary>
    /// <param name="builder">The builder; of no use any more after an exception.</param>
    /// <param name="catalog">Where loaded assemblies are kept; null for <see cref="PluginCatalog.Shared"/>.</param>
    /// <exception cref="SwarmPoolException">
    /// A folder (SP1101) or an entry (SP1102) is missing, the preflight found a fault (SP1102, SP1107 to SP1114), the lock file
    /// can't be used (SP1115), an assembly can't be loaded (SP1105), a slot is filled twice (SP1103), a plugin threw (SP1106), or
    /// the section has the wrong form (SP1001). The message says all.
    /// </exception>
    public static ISwarmPoolBuilder UsePlugins(this ISwarmPoolBuilder builder, PluginCatalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var problems = new Problems();
        var trust = PluginTrust.Open(builder.Configuration, builder.BaseDirectory, problems);
        foreach (var folder in PluginDiscovery.Find(builder.Configuration, builder.BaseDirectory, problems))
        {
            var refusals = PluginPreflight.Check(folder, trust, PreflightHost.Current);
            problems.AddAll(refusals);
            if (refusals.Count == 0 && trust.IsUsable)
            {
                Load(builder, folder, trust, catalog ?? PluginCatalog.Shared, problems);
            }
        }

        problems.ThrowIfAny();
        return builder;
    }

    private static void Load(ISwarmPoolBuilder builder, PluginFolder folder, PluginTrust trust, PluginCatalog catalog, Problems problems)
    {
        try
        {
            var assembly = catalog.Load(folder.EntryPath);
            builder.Services.AddSingleton(PluginRegistration.Register(builder, folder, assembly) with { Lock = trust.StateAtLoad(folder) });
        }
        catch (SwarmPoolException problem)
        {
            problems.Add(problem);
        }
        catch (Exception broken)
        {
            // Registration wraps what the plugin's own code throws, so this came from loading the assembly or its references.
            problems.Add(
                ErrorCodes.PluginLoadFailed,
                $"Plugin {folder.Name}: {folder.EntryPath} can't be loaded: {broken.Message} Put its whole build output there again, built for this framework and this version of {nameof(SwarmPool)}.",
                broken);
        }
    }
}
