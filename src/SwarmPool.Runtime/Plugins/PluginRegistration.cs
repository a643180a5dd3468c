using System.Reflection;
using SwarmPool.Plugins;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Containment;

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
            throw ConfigureFailed(folder, thrown);
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
            throw ConfigureFailed(folder, thrown.InnerException ?? thrown);
        }
    }

    private static SwarmPoolException ConfigureFailed(PluginFolder folder, Exception thrown) => new(
        ErrorCodes.PluginConfigureFailed,
        $"Plugin {folder.Name} threw {thrown.GetType().Name} while it registered itself: {thrown.Message} Check its section {folder.Section.Path}; if that is right, it is a fault of the plugin.",
        thrown);

    private static string VersionOf(Assembly assembly)
    {
        var text = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? assembly.GetName().Version?.ToString() ?? "";
        return text.Split('+')[0];
    }
}
