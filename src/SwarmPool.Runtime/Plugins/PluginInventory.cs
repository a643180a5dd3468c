using Microsoft.Extensions.Configuration;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Plugins.Preflight;
using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Runtime.Plugins;

/// <summary>The plugins at hand for a configuration, looked at as data: none is loaded, and nothing of any runs.</summary>
/// <remarks>A picture of one moment. Thread-safe.</remarks>
public sealed class PluginInventory
{
    private PluginInventory(string folder, string? lockPath, IReadOnlyList<PluginReport> plugins, IReadOnlyList<Refusal> problems)
    {
        Folder = folder;
        LockPath = lockPath;
        Plugins = plugins;
        Problems = problems;
    }

    /// <summary>Where an operator's plugins belong: <c>plugins:folder</c>, beside the configuration. It may not exist yet.</summary>
    public string Folder { get; }

    /// <summary>The lock file that <c>plugins:lock</c> names; null when it names none. It may not exist yet.</summary>
    public string? LockPath { get; }

    /// <summary>What is at hand, by name.</summary>
    public IReadOnlyList<PluginReport> Plugins { get; }

    /// <summary>What is wrong with the configuration or the lock file itself; each plugin's own problems are with it.</summary>
    public IReadOnlyList<Refusal> Problems { get; }

    /// <summary>Looks at everything.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="baseDirectory">What its relative paths are relative to.</param>
    public static PluginInventory Read(IConfiguration configuration, string baseDirectory)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(baseDirectory);
        var problems = new Problems();
        var trust = PluginTrust.Open(configuration, baseDirectory, problems);
        var used = PluginDiscovery.Find(configuration, baseDirectory, problems).Select(folder => folder.Name).ToHashSet(StringComparer.Ordinal);
        var reports = PluginDiscovery.AtHand(configuration, baseDirectory).Select(folder => PluginReport.Of(folder, used.Contains(folder.Name), trust)).ToList();
        return new(PluginDiscovery.OwnRoot(configuration, baseDirectory), trust.LockPath, reports, problems.AsRefusals());
    }

    /// <summary>Looks at one folder by itself, e.g. before it is put among the plugins; no lock file is asked.</summary>
    /// <param name="name">The plugin's name: its entry assembly is NAME.dll.</param>
    /// <param name="folder">The folder.</param>
    public static PluginReport Inspect(string name, string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var section = new ConfigurationBuilder().Build().GetSection(name);
        return PluginReport.Of(new PluginFolder(name, Path.Combine(Path.GetFullPath(folder), name + ".dll"), section), isUsed: false, PluginTrust.None);
    }
}

/// <summary>A plugin at hand.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Version">Its entry assembly's version; empty when that can't be read.</param>
/// <param name="Contract">The version of the contracts that it was built against; empty when that can't be read.</param>
/// <param name="IsUsed">Whether <c>plugins:use</c> names it.</param>
/// <param name="Lock">How it stands to the lock file.</param>
/// <param name="Problems">Why it can't be loaded, or, when it is used, may not be under a strict lock; empty when it can.</param>
public sealed record PluginReport(
    string Name, string Folder, string Version, string Contract, bool IsUsed, PluginLockState Lock, IReadOnlyList<Refusal> Problems)
{
    internal static PluginReport Of(PluginFolder folder, bool isUsed, PluginTrust trust)
    {
        // What nobody uses need not be locked; that is no problem of it.
        var problems = File.Exists(folder.EntryPath)
            ? PluginPreflight.Check(folder, isUsed ? trust : PluginTrust.None, PreflightHost.Current)
            : [new Refusal(ErrorCodes.PluginEntryMissing, $"The plugin folder {folder.Path} has no {folder.Name}.dll. A plugin's folder has its entry assembly's name.")];
        var image = File.Exists(folder.EntryPath) ? PluginImage.Read(folder.EntryPath).Image : null;
        var contract = image?.References.FirstOrDefault(reference => reference.Name == SharedContracts.Contract).Version;
        return new(folder.Name, folder.Path, image?.Version.ToString(3) ?? "", contract?.ToString(3) ?? "", isUsed, State(folder, trust), problems);
    }

    private static PluginLockState State(PluginFolder folder, PluginTrust trust)
    {
        try
        {
            return trust.StateOf(folder, PluginFiles.In(folder.Name, folder.Path));
        }
        catch (SwarmPoolException)
        {
            return PluginLockState.Changed; // It has a link or too much in it, which its problems say; as it is, nobody locked it.
        }
    }
}
