using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SwarmPool.Files;

namespace SwarmPool.Plugins.Llama.Models;

/// <summary>Turns a model.json into a <see cref="GgufManifest"/>, or into everything that is wrong with it.</summary>
internal sealed class GgufManifestParser
{
    public const int MostContext = 1 << 20;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    // What a job's model may hold (docs/protocol.md); a name that no job can ask for would never be found.
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:");

    private static readonly string[] JobTypesThatItDoes = [GgufManifest.TextGeneration, GgufManifest.TextEmbedding];

    private readonly JsonElement root;
    private readonly List<string> problems;
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    private GgufManifestParser(JsonElement root, List<string> problems)
    {
        this.root = root;
        this.problems = problems;
    }

    /// <summary>The manifest; null when problems were added.</summary>
    public static GgufManifest? Parse(ReadOnlyMemory<byte> json, string folder, List<string> problems)
    {
        try
        {
            using var document = TextFile.ParseJson(json, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new GgufManifestParser(document.RootElement, problems).Read(folder);
            }

            problems.Add("$: write an object");
        }
        catch (JsonException wrong)
        {
            problems.Add($"$: is not JSON: {wrong.Message}");
        }

        return null;
    }

    private GgufManifest? Read(string folder)
    {
        var name = Text("name", 128, null);
        if (name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            Problem("name", "write only a-z, A-Z, 0-9 and - _ . / :, as a job's model may hold");
        }

        var file = Text("file", 256, null);
        if (file is "." or ".." || file.AsSpan().IndexOfAny(['/', '\\', ':']) >= 0)
        {
            Problem("file", "write the bare name of a file in this folder");
        }

        var sha256 = Text("sha256", 64, null);
        if (sha256.Length > 0 && (sha256.Length != 64 || sha256.AsSpan().ContainsAnyExcept("0123456789abcdef")))
        {
            Problem("sha256", "write 64 lower-case hex digits");
        }

        var manifest = new GgufManifest
        {
            Name = name,
            File = Path.Combine(folder, file),
            Sha256 = sha256,
            Precision = Text("precision", 32, "gguf"),
            JobTypes = JobTypes(),
            Context = Context(),
        };
        _ = Text("license", 256, "none given");
        _ = Text("notes", 4096, "none given");
        foreach (var member in root.EnumerateObject().Where(member => !known.Contains(member.Name)))
        {
            Problem(member.Name, "there is no such key here; remove or correct it");
        }

        return problems.Count == 0 ? manifest : null;
    }

    private List<string> JobTypes()
    {
        known.Add("job_types");
        if (!root.TryGetProperty("job_types", out var list))
        {
            return [GgufManifest.TextGeneration];
        }

        List<string?> types = list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(static one => one.ValueKind == JsonValueKind.String ? one.GetString() : null)] : [];
        if (types.Count == 0 || types.Distinct().Count() != types.Count || types.Exists(static type => !JobTypesThatItDoes.Contains(type, StringComparer.Ordinal)))
        {
            Problem("job_types", $"write a list of {string.Join(" and ", JobTypesThatItDoes)}, each once, or one of them");
        }

        return [.. types.OfType<string>()];
    }

    private int Context()
    {
        known.Add("context");
        if (!root.TryGetProperty("context", out var value))
        {
            return 0;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var tokens) && tokens is >= 16 and <= MostContext)
        {
            return tokens;
        }

        Problem("context", string.Create(CultureInfo.InvariantCulture, $"write a whole number from 16 to {MostContext}"));
        return 0;
    }

    private string Text(string key, int most, string? otherwise)
    {
        known.Add(key);
        if (!root.TryGetProperty(key, out var value))
        {
            if (otherwise is null)
            {
                Problem(key, "is missing; write a text");
            }

            return otherwise ?? "";
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (text.Length == 0 || text.Length > most || text.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0)
        {
            Problem(key, string.Create(CultureInfo.InvariantCulture, $"write a text of 1 to {most} printable ASCII characters"));
            return "";
        }

        return text;
    }

    private void Problem(string key, string wanted) => problems.Add($"$.{key}: {wanted}");
}
