using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Programs.Plugins;

/// <summary>Plugins, for people.</summary>
public static class PluginScreen
{
    /// <summary>What is at hand.</summary>
    public static void List(Terminal terminal, PluginInventory inventory)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(inventory);
        foreach (var plugin in inventory.Plugins)
        {
            One(terminal, plugin);
        }

        Problems(terminal, inventory.Problems);
        terminal.Line();
        terminal.Facts([("Your plugins:", inventory.Folder), ("Lock file:", inventory.LockPath ?? "none: plugins:lock names none")]);
    }

    /// <summary>Whether all is right.</summary>
    public static void Verified(Terminal terminal, PluginInventory inventory, bool right)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(inventory);
        foreach (var plugin in inventory.Plugins.Where(plugin => plugin.IsUsed))
        {
            One(terminal, plugin);
        }

        Problems(terminal, inventory.Problems);
        if (right)
        {
            terminal.Line("✓ Every plugin that the configuration uses can be loaded" + (inventory.LockPath is null ? "; none is locked." : ", and is as it was locked."), Tone.Good, hang: 2);
        }
    }

    /// <summary>What was locked.</summary>
    public static void Locked(Terminal terminal, string path, PluginLock before, PluginLock after, IReadOnlyList<LockedPlugin> locked)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(locked);
        foreach (var plugin in locked)
        {
            terminal.Line($"✓ {plugin.Name}: {Counted.Of(plugin.Files.Count, "file")}", Tone.Good);
            terminal.Line($"    {plugin.Digest}", Tone.Dim);
            foreach (var difference in before.TryFind(plugin.Name, out var old) ? old.Differences(plugin) : [])
            {
                terminal.Line($"    {difference}", Tone.Warn);
            }
        }

        terminal.Line($"  {path}: {(after.IsStrict ? "strict, so nothing else is loaded." : "not strict, so others are loaded too, and told of.")}", hang: 2);
    }

    /// <summary>What was added, and what is left to do.</summary>
    public static void Added(Terminal terminal, PluginReport plugin, LockedPlugin locked, string? lockPath)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(plugin);
        ArgumentNullException.ThrowIfNull(locked);
        terminal.Line($"✓ {plugin.Name} {plugin.Version}, built against contracts {plugin.Contract}: {Counted.Of(locked.Files.Count, "file")}", Tone.Good, hang: 2);
        terminal.Facts(
        [
            ("Folder:", plugin.Folder),
            ("Digest:", locked.Digest),
            ("Locked:", lockPath ?? "no: the configuration names no lock file"),
        ]);
        terminal.Line($"  It runs when the configuration names it: \"plugins\": {{ \"use\": {{ \"{plugin.Name}\": {{}} }} }}", hang: 2);
    }

    private static void One(Terminal terminal, PluginReport plugin)
    {
        terminal.Line($"{(plugin.Problems.Count > 0 ? "✗" : plugin.IsUsed ? "✓" : "·")} {plugin.Name}", plugin.Problems.Count > 0 ? Tone.Bad : plugin.IsUsed ? Tone.Good : Tone.Plain);
        terminal.Line($"    {Version(plugin)}, {(plugin.IsUsed ? "used" : "not used")}{State(plugin.Lock)}", plugin.Lock == PluginLockState.Changed ? Tone.Warn : Tone.Dim);
        Problems(terminal, plugin.Problems);
    }

    private static string Version(PluginReport plugin) => plugin.Version.Length == 0 ? "version unknown"
        : plugin.Contract.Length == 0 ? $"version {plugin.Version}" : $"version {plugin.Version}, contracts {plugin.Contract}";

    private static string State(PluginLockState state) => state switch
    {
        PluginLockState.Locked => ", locked",
        PluginLockState.Changed => ", not as it was locked",
        PluginLockState.NotLocked => ", not locked",
        _ => "",
    };

    private static void Problems(Terminal terminal, IReadOnlyList<Refusal> problems)
    {
        foreach (var problem in problems)
        {
            terminal.Line($"  ✗ {problem}", Tone.Bad, hang: 4);
        }
    }
}
