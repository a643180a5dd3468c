using Microsoft.Extensions.Configuration;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Runtime.Plugins.Trust;

/// <summary>
/// Which plugins may be loaded, by the lock file that <c>plugins:lock</c> names (relative to the configuration's folder).
/// Without that key nothing is locked, and every plugin that configuration names is loaded.
/// </summary>
internal sealed class PluginTrust
{
    public const string LockKey = "plugins:lock";

    private readonly PluginLock? locked;

    private PluginTrust(string? lockPath, PluginLock? locked)
    {
        LockPath = lockPath;
        this.locked = locked;
    }

    /// <summary>The lock file; null when the configuration names none.</summary>
    public string? LockPath { get; }

    public bool IsStrict => locked is { IsStrict: true };

    /// <summary>No lock file.</summary>
    public static PluginTrust None { get; } = new(null, null);

    /// <summary>False when the lock file that there should be can't be read: no plugin may be loaded then.</summary>
    public bool IsUsable => LockPath is null || locked is not null;

    public static PluginTrust Open(IConfiguration configuration, string baseDirectory, Problems problems)
    {
        var path = PathIn(configuration, baseDirectory);
        try
        {
            return new(path, path is null ? null : PluginLock.Read(path));
        }
        catch (SwarmPoolException unusable)
        {
            problems.Add(unusable);
            return new(path, null);
        }
    }

    public static string? PathIn(IConfiguration configuration, string baseDirectory) =>
        configuration[LockKey] is { Length: > 0 } named ? Path.GetFullPath(named, baseDirectory) : null;

    /// <summary>Whether the plugin is as it was locked. Where that matters, why it may not be loaded.</summary>
    /// <param name="folder">The plugin.</param>
    /// <param name="files">Its files; empty when it may not be loaded.</param>
    public Refusal? Check(PluginFolder folder, out PluginFiles files)
    {
        try
        {
            files = PluginFiles.In(folder.Name, folder.Path);
        }
        catch (SwarmPoolException unsafeFolder)
        {
            files = PluginFiles.None;
            return new(unsafeFolder.Code, unsafeFolder.Message);
        }

        return IsStrict ? ForEveryone(folder, files) ?? Unlocked(folder, files) : null;
    }

    /// <summary>How a plugin stands to the lock file.</summary>
    public PluginLockState StateOf(PluginFolder folder, PluginFiles files) =>
        locked is null ? PluginLockState.NoLockFile
        : !locked.TryFind(folder.Name, out var before) ? PluginLockState.NotLocked
        : before.Differences(new LockedPlugin(folder.Name, files.Hashes())).Count > 0 ? PluginLockState.Changed
        : PluginLockState.Locked;

    /// <summary>How a plugin stood to the lock file that may be loaded now: under a strict one it has just been compared.</summary>
    public PluginLockState StateAtLoad(PluginFolder folder) =>
        IsStrict ? PluginLockState.Locked : locked is null ? PluginLockState.NoLockFile : StateOf(folder, PluginFiles.In(folder.Name, folder.Path));

    private Refusal? Unlocked(PluginFolder folder, PluginFiles files)
    {
        if (!locked!.TryFind(folder.Name, out var before))
        {
            return new(ErrorCodes.PluginNotLocked,
                $"Plugin {folder.Name} is not in {LockPath}, which is strict. When you know where it came from: 'swarmpool plugin lock {folder.Name}' (swarm-miner and swarm-client have that command too).");
        }

        var differences = before.Differences(new LockedPlugin(folder.Name, files.Hashes()));
        return differences.Count == 0
            ? null
            : new(ErrorCodes.PluginChanged,
                $"Plugin {folder.Name} is not as it was locked in {LockPath}: {Few(differences)}. If you changed it: 'swarmpool plugin lock {folder.Name}' (swarm-miner and swarm-client have that command too). If not, find out who did before you run it.");
    }

    // What everyone on the machine can write can change between this check and the load.
    private Refusal? ForEveryone(PluginFolder folder, PluginFiles files)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        // Of a path with links in it both ends count: who writes beside the link swaps it, who writes beside the file swaps the file.
        return new[] { LockPath!, RealPath.Of(LockPath!), folder.Path, RealPath.Of(folder.Path) }
            .Distinct(StringComparer.Ordinal)
            .SelectMany(static path => new[] { Path.GetDirectoryName(path)!, path })
            .Concat(files.Folders.Concat(files.Paths).Select(path => Path.Combine(folder.Path, path)))
            .Where(path => IsForEveryone(path))
            .Select(path => new Refusal(ErrorCodes.PluginUnsafe,
                $"Plugin {folder.Name}: every user of this machine can write {path}, so what is locked is not what may be loaded. Take that right away: chmod o-w '{path}'."))
            .FirstOrDefault();

        static bool IsForEveryone(string path) => !OperatingSystem.IsWindows() && File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherWrite);
    }

    private static string Few(IReadOnlyList<string> differences) => differences.Count <= 5
        ? string.Join(", ", differences)
        : $"{string.Join(", ", differences.Take(5))} and {differences.Count - 5} more";
}

/// <summary>How a plugin stands to the lock file.</summary>
public enum PluginLockState
{
    /// <summary>The configuration names no lock file.</summary>
    NoLockFile = 0,

    /// <summary>It is not in the lock file.</summary>
    NotLocked,

    /// <summary>It is in the lock file, but not as it is now.</summary>
    Changed,

    /// <summary>It is as it was locked.</summary>
    Locked,
}
