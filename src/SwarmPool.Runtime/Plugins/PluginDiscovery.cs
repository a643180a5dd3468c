using Microsoft.Extensions.Configuration;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Runtime.Plugins;

/// <summary>
/// Finds the plugins that configuration names. <c>plugins:use</c> is an object: each key is a folder's name, each value
/// that plugin's own section. <c>plugins:folder</c> (default "plugins") is where the folders are: absolute, or a folder of
/// that name beside the configuration, where an operator's own plugins are, and then one beside the program, where those
/// are that come with it.
/// </summary>
/// <remarks>Configuration keys have no order of their own: plugins come in the order of their names, and none depends on it.</remarks>
internal static class PluginDiscovery
{
    private const string FolderKey = "plugins:folder";
    private const string UseKey = "plugins:use";

    public static IReadOnlyList<PluginFolder> Find(IConfiguration configuration, string baseDirectory, Problems problems)
    {
        var roots = Roots(configuration, baseDirectory);
        var found = new List<PluginFolder>();
        foreach (var section in configuration.GetSection(UseKey).GetChildren())
        {
            if (Find(section, roots, problems) is { } folder)
            {
                found.Add(folder);
            }
        }

        return found;
    }

    /// <summary>The names of the plugin folders that are there, in order; empty when there is no such place.</summary>
    public static IReadOnlyList<string> FoldersAtHand(IConfiguration configuration, string baseDirectory) =>
        [.. PlacesIn(Roots(configuration, baseDirectory)).Keys];

    /// <summary>The plugin folders that are there, in the order of their names, whether they hold a plugin or not.</summary>
    public static IEnumerable<PluginFolder> AtHand(IConfiguration configuration, string baseDirectory) => PlacesIn(Roots(configuration, baseDirectory))
        .Select(place => new PluginFolder(place.Key, EntryIn(place.Value, place.Key), configuration.GetSection($"{UseKey}:{place.Key}")));

    /// <summary>Where an operator's own plugins belong.</summary>
    public static string OwnRoot(IConfiguration configuration, string baseDirectory) => Roots(configuration, baseDirectory)[0];

    private static PluginFolder? Find(IConfigurationSection section, IReadOnlyList<string> roots, Problems problems)
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

        var atHand = PlacesIn(roots);
        if (!atHand.TryGetValue(section.Key, out var place))
        {
            var there = atHand.Count > 0 ? string.Join(", ", atHand.Keys) : roots.Any(Directory.Exists) ? "none" : "none, since it does not exist";
            problems.Add(
                ErrorCodes.PluginFolderMissing,
                $"{UseKey} names the plugin {section.Key}, but there is no such folder in {string.Join(" or ", roots)}. The folders there: {there}.{NearestName.Hint(section.Key, atHand.Keys)} Fix the name, put the plugin there, or set {FolderKey}.");
            return null;
        }

        var name = Path.GetFileName(place);
        var entry = EntryIn(place, name);
        if (!File.Exists(entry))
        {
            problems.Add(
                ErrorCodes.PluginEntryMissing,
                $"The plugin folder {place} has no {name}.dll. A plugin's folder has its entry assembly's name: put the plugin's whole build output there.");
            return null;
        }

        return new PluginFolder(name, entry, section);
    }

    // The folder itself may be a link, e.g. to a build's output, and so may those above it. They are followed once, here: what is checked is
    // what is loaded.
    private static string EntryIn(string place, string name) => Path.Combine(RealPath.Of(place), name + ".dll");

    private static IReadOnlyList<string> Roots(IConfiguration configuration, string baseDirectory)
    {
        var folder = configuration[FolderKey] is { Length: > 0 } named ? named : "plugins";
        return [.. new[] { Path.GetFullPath(folder, baseDirectory), Path.GetFullPath(folder, AppContext.BaseDirectory) }.Distinct(StringComparer.Ordinal)];
    }

    // By name; of two with one name the operator's own. A name that begins with a dot is skipped.
    private static SortedDictionary<string, string> PlacesIn(IReadOnlyList<string> roots)
    {
        var places = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var place in roots.Where(Directory.Exists).SelectMany(root => Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal)))
        {
            var name = Path.GetFileName(place);
            if (name[0] != '.')
            {
                places.TryAdd(name, place);
            }
        }

        return places;
    }
}

/// <summary>A plugin that configuration names and that is there: its folder's name, its entry assembly and its own section.</summary>
internal sealed record PluginFolder(string Name, string EntryPath, IConfigurationSection Section)
{
    /// <summary>The folder; not a link, since links were followed when it was found.</summary>
    public string Path => System.IO.Path.GetDirectoryName(EntryPath)!;

    /// <summary>Whether a file of the folder is the entry assembly.</summary>
    public bool IsEntry(string file) => string.Equals(file, System.IO.Path.GetFileName(EntryPath), StringComparison.Ordinal);
}
