using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SwarmPool.Plugins;

namespace SwarmPool.Runtime.Containment;

/// <summary>
/// Counts what plugins do that their contracts don't allow, and tells the log whose it was: the counter
/// <c>swarmpool.plugin.faults</c> of the meter <c>SwarmPool.Plugins</c>, by plugin, slot and kind ("threw", "hangs").
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PluginFaults
{
    public const string MeterName = "SwarmPool.Plugins";
    public const string CounterName = "swarmpool.plugin.faults";

    private readonly Counter<long> counter;
    private readonly ILogger<PluginFaults> logger;

    public PluginFaults(IMeterFactory meters, Redactor secrets, ILogger<PluginFaults> logger)
    {
        Secrets = secrets;
        counter = meters.Create(MeterName).CreateCounter<long>(CounterName, "{fault}", "Faults of plugins that were contained.");
        this.logger = logger;
    }

    /// <summary>Takes out of what plugins say what nobody is to see.</summary>
    public Redactor Secrets { get; }

    /// <summary>It threw what its contract does not name.</summary>
    public void Threw(PluginPlace place, string call, Exception thrown)
    {
        Count(place, "threw");
        PluginLog.Threw(logger, Secrets.Clean(thrown), place.Plugin, place.Slot, call, thrown.GetType().Name, Secrets.Clean(thrown.Message));
    }

    /// <summary>It did not answer in time, and was left behind.</summary>
    public void Hangs(PluginPlace place, string call, TimeSpan limit)
    {
        Count(place, "hangs");
        PluginLog.Hangs(logger, place.Plugin, place.Slot, call, limit.TotalSeconds);
    }

    /// <summary>What becomes of a call that was left behind: nobody awaits it any longer, and it must not end unheard.</summary>
    public async Task ObserveAsync(PluginPlace place, Task left)
    {
        try
        {
            await left;
            PluginLog.LeftBehindEnded(logger, place.Plugin, place.Slot, "it has its answer, too late");
        }
        catch (Exception e)
        {
            PluginLog.LeftBehindEnded(logger, place.Plugin, place.Slot, Secrets.Clean(e.Message));
        }
    }

    private void Count(PluginPlace place, string kind) => counter.Add(1, new("plugin", place.Plugin), new("slot", place.Slot), new("kind", kind));
}

/// <summary>Whose call it was.</summary>
/// <param name="Plugin">The plugin's folder name; who filled the slot when that was done in code.</param>
/// <param name="Slot">The slot, or "hosted service".</param>
internal readonly record struct PluginPlace(string Plugin, string Slot)
{
    public const string HostedService = "hosted service";

    public override string ToString() => $"Plugin {Plugin} ({Slot})";
}

/// <summary>What plugins do wrong while they run: event ids 1101 to 1199.</summary>
internal static partial class PluginLog
{
    [LoggerMessage(1101, LogLevel.Error, "Plugin {Plugin}, {Slot}: {Call} threw {Type}: {Why} It was contained; report it to the plugin's author")]
    public static partial void Threw(ILogger logger, Exception thrown, string plugin, string slot, string call, string type, string why);

    [LoggerMessage(1102, LogLevel.Error, "Plugin {Plugin}, {Slot}: {Call} did not answer within {Seconds} s; it is left behind and counts as failed")]
    public static partial void Hangs(ILogger logger, string plugin, string slot, string call, double seconds);

    [LoggerMessage(1103, LogLevel.Warning, "Plugin {Plugin}, {Slot}: a call that was left behind has ended after all: {Why}")]
    public static partial void LeftBehindEnded(ILogger logger, string plugin, string slot, string why);
}
