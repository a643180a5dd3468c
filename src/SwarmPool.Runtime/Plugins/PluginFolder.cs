using Microsoft.Extensions.Configuration;

namespace SwarmPool.Runtime.Plugins;

/// <summary>A plugin that configuration names and that is there: its folder's name, its entry assembly and its own section.</summary>
internal sealed record PluginFolder(string Name, string EntryPath, IConfigurationSection Section)
{
    /// <summary>The folder; not a link, since links were followed when it was found.</summary>
    public string Path => System.IO.Path.GetDirectoryName(EntryPath)!;

    /// <summary>Whether a file of the folder is the entry assembly.</summary>
    public bool IsEntry(string file) => string.Equals(file, System.IO.Path.GetFileName(EntryPath), StringComparison.Ordinal);
}
