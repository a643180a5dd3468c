using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;

namespace SwarmPool.Programs.Composing;

/// <summary>
/// A program's composition: the file that --config names, else the program's own file in the current folder, else defaults.
/// The environment wins over the file, the command line over both.
/// </summary>
public static class ProgramComposition
{
    private const string EnvironmentPrefix = "SWARMPOOL_";

    /// <summary>Composes, and loads the plugins that the configuration names.</summary>
    /// <param name="context">The program's surroundings.</param>
    /// <param name="named">What --config says; null when it isn't there.</param>
    /// <param name="ownFile">The program's own file name.</param>
    /// <param name="defaults">What counts when there is no file; null when the program needs one.</param>
    /// <param name="overrides">What the command line says.</param>
    /// <exception cref="SwarmPoolException">SP1002: no file, and none can be done without; what reading it and loading plugins throws.</exception>
    public static SwarmPoolBuilder Compose(
        ProgramContext context, string? named, string ownFile, IReadOnlyDictionary<string, string?>? defaults, IReadOnlyDictionary<string, string?> overrides)
    {
        var builder = Read(context, named, ownFile, defaults, overrides);
        builder.UsePlugins();
        return builder;
    }

    /// <summary>As <see cref="Compose"/>, but loads no plugin.</summary>
    public static SwarmPoolBuilder Read(
        ProgramContext context, string? named, string ownFile, IReadOnlyDictionary<string, string?>? defaults, IReadOnlyDictionary<string, string?> overrides)
    {
        ArgumentNullException.ThrowIfNull(context);
        var path = context.PathOf(named ?? ownFile);
        SwarmPoolBuilder builder;
        if (File.Exists(path))
        {
            builder = SwarmPoolBuilder.CreateFromFile(path, EnvironmentPrefix, overrides);
            KnownKeys.WarnOfOthers(context, path);
        }
        else if (named is null && defaults is not null)
        {
            builder = SwarmPoolBuilder.Create(
                new ConfigurationBuilder().AddInMemoryCollection(defaults).AddEnvironmentVariables(EnvironmentPrefix).AddInMemoryCollection(overrides).Build(),
                context.Folder);
        }
        else
        {
            throw new SwarmPoolException(
                ErrorCodes.ConfigurationMissing,
                $"There is no configuration {path}. 'swarmpool init' makes working ones in the current folder; --config names another.");
        }

        if (context.PolicyProgram is { } program)
        {
            builder.Services.AddSingleton(program);
        }

        if (context.BackendProgram is { } backend)
        {
            builder.Services.AddSingleton(backend);
        }

        NameHints.Show(context, builder.Configuration, builder.BaseDirectory);
        return builder;
    }
}
