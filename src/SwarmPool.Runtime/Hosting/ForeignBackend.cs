using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Backends;
using SwarmPool.Runtime.Containment;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Scheduling;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// Which inference backends run in a process of their own: where the miner's options don't say, those of plugin folders that don't lie with
/// the program, if the program has said how such a process is started.
/// </summary>
internal static class ForeignBackend
{
    /// <summary>The backend in a process of its own; null where it belongs into this one.</summary>
    /// <exception cref="SwarmPoolException">SP5227: the options want a process for what can't have one.</exception>
    public static IInferenceBackend? TryMake(SlotFilling filling, PluginPlace place, IServiceProvider services)
    {
        if (filling.Contract != typeof(IInferenceBackend) || services.GetService<NamedOptions<MinerOptions>>()?.Unchecked is not { BackendProcess: not BackendProcessUse.Never } options)
        {
            return null;
        }

        var isWanted = options.BackendProcess == BackendProcessUse.Always;
        var program = services.GetService<BackendProgram>();
        var loaded = filling.Plugin is { } plugin ? services.GetServices<LoadedPlugin>().FirstOrDefault(one => one.Name == plugin) : null;
        if (program is null || loaded is null)
        {
            return isWanted
                ? throw new SwarmPoolException(
                    ErrorCodes.BackendProcessUnusable,
                    $"backend_process is always, but {(loaded is null ? $"{filling.FilledBy} was composed in code, and a process of its own can compose plugins alone" : "this program doesn't say how such a process is started (BackendProgram)")}. Set it to auto.")
                : null;
        }

        if (!isWanted && ForeignPolicy.LiesWithProgram(loaded.Path))
        {
            return null;
        }

        var (configuration, folder) = services.GetRequiredService<CompositionPlace>();
        var composition = new BackendComposition(folder, new Dictionary<string, string?>(Needed(configuration, filling, services), StringComparer.OrdinalIgnoreCase));
        return new ProcessBackend(
            program,
            composition,
            place.ToString(),
            new BackendLimits { MemoryBytes = options.BackendMemoryBytes },
            services.GetRequiredService<SwarmPoolSchedulers>().Roles,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>());
    }

    // Its own plugin, and those that fill no slot: they may add steps to it. Not the sections of other slots, where secrets may be.
    private static IEnumerable<KeyValuePair<string, string?>> Needed(IConfiguration configuration, SlotFilling filling, IServiceProvider services)
    {
        var others = services.GetServices<SlotFilling>().Select(static one => one.Plugin).OfType<string>().Except([filling.Plugin!], StringComparer.OrdinalIgnoreCase).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var used = configuration.GetSection("plugins:use").GetChildren().Where(one => !others.Contains(one.Key)).ToList();
        return
        [
            new("plugins:folder", configuration["plugins:folder"]),
            new("plugins:lock", configuration["plugins:lock"]),
            .. used.Select(static one => KeyValuePair.Create<string, string?>(one.Path, one.Value ?? "")),
            .. used.SelectMany(static one => one.AsEnumerable()).Where(static value => value.Value is not null && value.Key.Count(static c => c == ':') > 2),
        ];
    }
}
