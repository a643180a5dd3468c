using Microsoft.Extensions.Configuration;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Runtime.Plugins;

/// <summary>
/// Finds the plugins that configuration names. <c>plugins:use</c> is an object: each key is a folder's name, each value
/// that plugin's own section. <c>plugins:folder</c> (default "plugins") is where the folders are: absolute, or relative to
/// the configuration's folder when it exists there, else to the program's.
/// </summary>
/// <remarks>Configuration keys have no order of their own: plugins come in the order of their names, and none depends on it.</remarks>
internal static class PluginDiscovery
{
    private const string FolderKey = "plugins:folder";
    private const string UseKey = "plugins:use";

    public static IReadOnlyList<PluginFolder> Find(IConfiguration configuration, string baseDirectory, Problems problems)
    {
        var root = Root(configuration, baseDirectory);
        var found = new List<PluginFolder>();
        foreach (var section in configuration.GetSection(UseKey).GetChildren())
        {
            if (Find(section, root, problems) is { } folder)
            {
                found.Add(folder);
            }
        }

        return found;
    }

    /// <summary>The names of the plugin folders that are there, in order; empty when there is no such place.</summary>
    public static IReadOnlyList<string> FoldersAtHand(IConfiguration configuration, string baseDirectory) =>
        FoldersIn(Root(configuration, baseDirectory));

    private static PluginFolder? Find(IConfigurationSection section, string root, Problems problems)
    {
        var wrongForm = int.TryParse(section.Key, out _)
            ? $"{UseKey} is a list; it has to be an object whose keys are plugin folders: {{ \"{section.Value}\": {{}} }}."
            : !string.IsNullOrEmpty(section.Value)
                ? $"{section.Path} is '{section.Value}'; it has to be an object, the plugin's own section: {{}} when there is nothing to say."
                : null;
        if (wrongForm is not null)
        {
            problems.Add(ErrorCodes.ConfigurationInvalid, wrongForm);
            return null;
        }

        var atHand = FoldersIn(root);
        var name = atHand.FirstOrDefault(folder => string.Equals(folder, section.Key, StringComparison.OrdinalIgnoreCase));
        if (name is null)
        {
            var there = atHand.Count > 0 ? string.Join(", ", atHand) : Directory.Exists(root) ? "none" : "none, since it does not exist";
            problems.Add(
                ErrorCodes.PluginFolderMissing,
                $"{UseKey} names the plugin {section.Key}, but there is no such folder in {root}. The folders there: {there}. Mend the name, put the plugin there, or set {FolderKey}.");
            return null;
        }

        // The folder itself may be a link, e.g. to a build's output. It is followed once, here: what is checked is what is loaded.
        var place = new DirectoryInfo(Path.Combine(root, name));
        var entry = Path.Combine((place.ResolveLinkTarget(returnFinalTarget: true) ?? place).FullName, name + ".dll");
        if (!File.Exists(entry))
        {
            problems.Add(
                ErrorCodes.PluginEntryMissing,
                $"The plugin folder {place.FullName} has no {name}.dll. A plugin's folder has its entry assembly's name: put the plugin's whole build output there.");
            return null;
        }

        return new PluginFolder(name, entry, section);
    }

    private static string Root(IConfiguration configuration, string baseDirectory)
    {
        var folder = configuration[FolderKey] is { Length: > 0 } named ? named : "plugins";
        var besideConfiguration = Path.GetFullPath(folder, baseDirectory);
        return Directory.Exists(besideConfiguration) ? besideConfiguration : Path.GetFullPath(folder, AppContext.BaseDirectory);
    }

    private static List<string> FoldersIn(string root) =>
        Directory.Exists(root)
            ? [.. Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]
            : [];
}
