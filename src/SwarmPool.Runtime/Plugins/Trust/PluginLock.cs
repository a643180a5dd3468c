using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Plugins.Trust;

/// <summary>
/// The plugins that an operator has looked at and means to run, as <c>plugins.lock.json</c> keeps them: format 1,
/// <c>strict</c>, and each plugin's files with their SHA-256.
/// </summary>
/// <remarks>Immutable; each change gives another.</remarks>
public sealed class PluginLock
{
    /// <summary>The format that is written, and the only one that is read.</summary>
    public const int Format = 1;

    private const long MaxBytes = 16 * 1024 * 1024;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly SortedDictionary<string, LockedPlugin> plugins;

    private PluginLock(bool strict, IEnumerable<LockedPlugin> plugins)
    {
        IsStrict = strict;
        this.plugins = new SortedDictionary<string, LockedPlugin>(plugins.ToDictionary(plugin => plugin.Name), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether a plugin that is not locked, or not as it was locked, is refused. Else it is only told of.</summary>
    public bool IsStrict { get; }

    /// <summary>What is locked, by name.</summary>
    public IReadOnlyCollection<LockedPlugin> Plugins => plugins.Values;

    /// <summary>A lock file with nothing in it.</summary>
    /// <param name="strict">See <see cref="IsStrict"/>.</param>
    public static PluginLock Empty(bool strict) => new(strict, []);

    /// <summary>The plugin of a name; names differ in more than case.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out LockedPlugin? plugin) => plugins.TryGetValue(name, out plugin);

    /// <summary>With this plugin as it is here, in the place of what was locked under its name.</summary>
    public PluginLock With(LockedPlugin plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        return new(IsStrict, Plugins.Where(one => !Same(one.Name, plugin.Name)).Append(plugin));
    }

    /// <summary>Without a plugin.</summary>
    public PluginLock Without(string name) => new(IsStrict, Plugins.Where(one => !Same(one.Name, name)));

    /// <summary>As it is, strict or not.</summary>
    public PluginLock WithStrict(bool strict) => new(strict, Plugins);

    /// <summary>Reads a lock file.</summary>
    /// <exception cref="SwarmPoolException">SP1115: it is not there, can't be read, or is of another format.</exception>
    public static PluginLock Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            using var document = TextFile.ParseJson(RegularFile.ReadAllBytes(path, MaxBytes, followsLinks: true), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(document.RootElement);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SwarmPoolException(
                ErrorCodes.PluginLockInvalid,
                $"plugins:lock names {path}, but there is no such file. Look at the plugins and lock them by 'swarmpool plugin lock' (swarm-miner and swarm-client have that command too), or fix plugins:lock.",
                missing);
        }
        catch (Exception broken) when (broken is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new SwarmPoolException(
                ErrorCodes.PluginLockInvalid,
                $"The plugins' lock file {path} can't be used: {broken.Message.TrimEnd('.')}. Put back a copy of it; or look at the plugins, delete it, and lock them again by 'swarmpool plugin lock' (swarm-miner and swarm-client have that command too).",
                broken);
        }
    }

    /// <summary>Writes the lock file, whole or not at all.</summary>
    public void Write(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var all = new JsonObject();
        foreach (var plugin in Plugins)
        {
            var files = new JsonObject();
            foreach (var (file, hash) in plugin.Files)
            {
                files[file] = hash;
            }

            all[plugin.Name] = new JsonObject { ["files"] = files };
        }

        OwnFile.Write(path, new JsonObject { ["format"] = Format, ["strict"] = IsStrict, ["plugins"] = all }.ToJsonString(Indented) + "\n");
    }

    private static PluginLock Read(JsonElement root)
    {
        var format = root.GetProperty("format");
        if (format.ValueKind != JsonValueKind.Number || !format.TryGetInt32(out var number) || number != Format)
        {
            throw new FormatException($"its format is {format.GetRawText()}, and this program knows {Format}");
        }

        return new(root.GetProperty("strict").GetBoolean(), root.GetProperty("plugins").EnumerateObject().Select(ReadPlugin).ToList());
    }

    private static LockedPlugin ReadPlugin(JsonProperty plugin)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in plugin.Value.GetProperty("files").EnumerateObject())
        {
            var hash = file.Value.GetString() ?? "";
            files[file.Name] = hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower)
                ? hash
                : throw new FormatException($"the hash of {file.Name} of {plugin.Name} is no SHA-256 in lower-case hex");
        }

        return new(plugin.Name, files);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
