using System.Reflection;
using SwarmPool.Plugins;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Containment;
using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Runtime.Plugins;

/// <summary>Finds a loaded assembly's entry point by its attribute, makes it and lets it register itself.</summary>
internal static class PluginRegistration
{
    public static LoadedPlugin Register(ISwarmPoolBuilder builder, PluginFolder folder, Assembly assembly)
    {
        var entry = EntryPoint(folder, assembly);
        var first = builder.Services.Count;
        try
        {
            Configure(builder, folder, entry);
        }
        catch (SwarmPoolException own)
        {
            // It has a code of its own (a taken slot): keep that, and say whose call it was.
            throw new SwarmPoolException(own.Code, $"Plugin {folder.Name}: {own.Message}", own);
        }
        catch (Exception thrown)
        {
            throw ConfigureFailed(folder, thrown, PluginSecrets.Of(builder.Configuration));
        }

        GuardedService.Guard(builder.Services, first, folder.Name);
        return new LoadedPlugin(folder.Name, VersionOf(assembly), folder.EntryPath);
    }

    // Slots that are filled meanwhile are this plugin's.
    private static void Configure(ISwarmPoolBuilder builder, PluginFolder folder, ISwarmPoolPlugin entry)
    {
        var scope = builder as IRegistrationScope;
        try
        {
            scope?.Registering = folder.Name;
            entry.Configure(builder, folder.Section);
        }
        finally
        {
            scope?.Registering = null;
        }
    }

    private static ISwarmPoolPlugin EntryPoint(PluginFolder folder, Assembly assembly)
    {
        var type = assembly.GetCustomAttribute<SwarmPoolPluginAttribute>()?.PluginType ?? throw new SwarmPoolException(
            ErrorCodes.PluginEntryMissing,
            $"Plugin {folder.Name}: {folder.EntryPath} is not marked as a plugin. Its author has to add [assembly: SwarmPoolPlugin(typeof(…))]; if it is no plugin, take it out of plugins:use.");
        if (!type.IsAssignableTo(typeof(ISwarmPoolPlugin)) || type.GetConstructor(Type.EmptyTypes) is not { } constructor || type.IsAbstract)
        {
            throw new SwarmPoolException(
                ErrorCodes.PluginEntryMissing,
                $"Plugin {folder.Name}: its entry point {type.FullName} has to be a class that implements {nameof(ISwarmPoolPlugin)} and has a public constructor without parameters. Its author has to fix that.");
        }

        try
        {
            return (ISwarmPoolPlugin)constructor.Invoke(null);
        }
        catch (TargetInvocationException thrown)
        {
            throw ConfigureFailed(folder, thrown.InnerException ?? thrown, Redactor.Forms);
        }
    }

    private static SwarmPoolException ConfigureFailed(PluginFolder folder, Exception thrown, Redactor secrets) => new(
        ErrorCodes.PluginConfigureFailed,
        $"Plugin {folder.Name} threw {thrown.GetType().Name} while it registered itself: {secrets.Clean(thrown.Message)} Check its section {folder.Section.Path}; if that is right, it is a fault of the plugin.",
        secrets.Clean(thrown));

    private static string VersionOf(Assembly assembly)
    {
        var text = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? assembly.GetName().Version?.ToString() ?? "";
        return text.Split('+')[0];
    }
}

/// <summary>A builder that wants to know whose registrations it takes.</summary>
internal interface IRegistrationScope
{
    /// <summary>The folder name of the plugin that registers itself just now; null when code does.</summary>
    string? Registering { set; }
}

/// <summary>A plugin that was loaded and has registered itself; one a plugin is registered as a service, for <c>status</c> and logs.</summary>
/// <param name="Name">The plugin's folder name, e.g. "SwarmPool.Plugins.Embedded".</param>
/// <param name="Version">Its assembly's informational version, e.g. "0.1.0".</param>
/// <param name="Path">Its assembly's full path.</param>
/// <param name="Lock">How it stood to the lock file when it was loaded.</param>
public sealed record LoadedPlugin(string Name, string Version, string Path, PluginLockState Lock = PluginLockState.NoLockFile);
