using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Runtime.Plugins.Preflight;

/// <summary>
/// A plugin's <c>.deps.json</c> and <c>.runtimeconfig.json</c> say where its dependencies are looked for. They have to be
/// readable, and may not lead out of the plugin's folder: what lies elsewhere was neither checked nor locked.
/// </summary>
internal static class DependencyFile
{
    private const long MaxBytes = 8 * 1024 * 1024;

    // A key that is there twice means one thing to one reader and another to the next.
    private static readonly JsonDocumentOptions Strictly = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };
    private static readonly string[] AssetKinds = ["runtime", "native", "resources", "runtimeTargets"];

    public static IEnumerable<Refusal> Check(PluginFolder folder, PluginFiles files)
    {
        foreach (var file in files.Paths.Where(path => path.EndsWith(".deps.json", StringComparison.OrdinalIgnoreCase)))
        {
            if (Fault(folder, file, DependenciesFault) is { } fault)
            {
                yield return fault;
            }
        }

        foreach (var file in files.Paths.Where(path => path.EndsWith(".runtimeconfig.json", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".runtimeconfig.dev.json", StringComparison.OrdinalIgnoreCase)))
        {
            if (Fault(folder, file, ProbingFault) is { } fault)
            {
                yield return fault;
            }
        }
    }

    private static Refusal? Fault(PluginFolder folder, string file, Func<JsonElement, string?> check)
    {
        var path = Path.Combine(folder.Path, file);
        string? what;
        try
        {
            using var document = TextFile.ParseJson(RegularFile.ReadAllBytes(path, MaxBytes), Strictly);
            what = check(document.RootElement);
        }
        catch (Exception broken) when (broken is JsonException or IOException or UnauthorizedAccessException)
        {
            what = $"can't be read: {broken.Message.TrimEnd('.')}";
        }

        return what is null ? null : new Refusal(ErrorCodes.PluginDependencies, $"Plugin {folder.Name}: its {file} {what}. Put the plugin's whole build output there again.");
    }

    private static string? DependenciesFault(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("runtimeTarget", out var target) || target.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("targets", out var targets) || targets.ValueKind != JsonValueKind.Object)
        {
            return "is no list of dependencies: it lacks runtimeTarget or targets";
        }

        var libraries = root.TryGetProperty("libraries", out var named) && named.ValueKind == JsonValueKind.Object ? named : default;
        return Libraries(libraries).Concat(Assets(targets))
            .Where(LeadsOut)
            .Select(path => $"names {path}, which is outside of the plugin's folder")
            .FirstOrDefault();
    }

    private static IEnumerable<string> Assets(JsonElement targets) => Objects(targets).SelectMany(target => target.EnumerateObject().Select(library => library.Name))
        .Concat(Objects(targets).SelectMany(Objects)
            .SelectMany(library => AssetKinds.Select(kind => library.TryGetProperty(kind, out var assets) ? assets : default))
            .Where(assets => assets.ValueKind == JsonValueKind.Object)
            .SelectMany(assets => assets.EnumerateObject().Select(asset => asset.Name)));

    // A library's name, and the path that it may give, are joined to folders too.
    private static IEnumerable<string> Libraries(JsonElement libraries) => libraries.ValueKind != JsonValueKind.Object ? [] :
        libraries.EnumerateObject().Select(library => library.Name).Concat(Objects(libraries)
            .Select(library => library.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.String ? path.GetString()! : ""));

    private static string? ProbingFault(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("runtimeOptions", out var options) && options.ValueKind == JsonValueKind.Object
        && options.TryGetProperty("additionalProbingPaths", out var paths) && (paths.ValueKind != JsonValueKind.Array || paths.GetArrayLength() > 0)
            ? "has additionalProbingPaths, which lead out of the plugin's folder"
            : null;

    private static IEnumerable<JsonElement> Objects(JsonElement parent) =>
        parent.EnumerateObject().Select(one => one.Value).Where(value => value.ValueKind == JsonValueKind.Object);

    private static bool LeadsOut(string path) =>
        Path.IsPathRooted(path) || path.Contains(':', StringComparison.Ordinal) || path.Split('/', '\\').Contains("..", StringComparer.Ordinal);
}
