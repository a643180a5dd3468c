using System.Text.Json;

namespace SwarmPool.Plugins.ChatClient.Models;

/// <summary>
/// One object of a model.json. What is wrong is noted, and reading goes on with a harmless value, so that all problems are told at once;
/// whoever reads looks at the list of problems at the end.
/// </summary>
internal sealed class ManifestObject(JsonElement element, string path, List<string> problems)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public void Problem(string key, string wanted) => problems.Add($"{path}.{key}: {wanted}");

    public bool Has(string key) => element.TryGetProperty(key, out _);

    /// <summary>A text of 1 to <paramref name="most"/> printable ASCII characters.</summary>
    public string Text(string key, int most = 256, string? otherwise = null)
    {
        if (Find(key, JsonValueKind.String, "a text", otherwise is not null) is not { } value)
        {
            return otherwise ?? "";
        }

        var text = value.GetString()!;
        if (text.Length > 0 && text.Length <= most && text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
        {
            return text;
        }

        Problem(key, FormattableString.Invariant($"write 1 to {most} printable ASCII characters"));
        return "";
    }

    public string Choice(string key, params ReadOnlySpan<string> allowed)
    {
        var text = Text(key);
        if (text.Length > 0 && !allowed.Contains(text))
        {
            Problem(key, $"write one of {string.Join(", ", allowed.ToArray())}, not \"{text}\"");
            return "";
        }

        return text;
    }

    public int Integer(string key, int least, int most, int otherwise)
    {
        if (Find(key, JsonValueKind.Number, "a whole number", optional: true) is { } value)
        {
            if (value.TryGetInt32(out var number) && number >= least && number <= most)
            {
                return number;
            }

            Problem(key, FormattableString.Invariant($"write a whole number from {least} to {most}"));
        }

        return otherwise;
    }

    public IReadOnlyList<string> Texts(string key, int most)
    {
        if (Find(key, JsonValueKind.Array, "a list of texts", optional: false) is not { } list)
        {
            return [];
        }

        var texts = list.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.String).Select(static one => one.GetString()!).ToList();
        if (texts.Count == 0 || texts.Count > most || texts.Count != list.GetArrayLength() || texts.Distinct(StringComparer.Ordinal).Count() != texts.Count)
        {
            Problem(key, FormattableString.Invariant($"write a list of 1 to {most} texts, each once"));
        }

        return texts;
    }

    /// <summary>An inner object; null, and a problem unless it is optional, when it is not there.</summary>
    public ManifestObject? Object(string key, bool optional = false) =>
        Find(key, JsonValueKind.Object, "an object", optional) is { } value ? new ManifestObject(value, $"{path}.{key}", problems) : null;

    /// <summary>Notes every key that nobody reads: a misspelt one would be ignored silently.</summary>
    public void End()
    {
        foreach (var member in element.EnumerateObject().Where(member => !known.Contains(member.Name)))
        {
            Problem(member.Name, "there is no such key here; remove or correct it");
        }
    }

    private JsonElement? Find(string key, JsonValueKind kind, string what, bool optional)
    {
        known.Add(key);
        if (!element.TryGetProperty(key, out var value))
        {
            if (!optional)
            {
                Problem(key, $"is missing; write {what}");
            }

            return null;
        }

        if (value.ValueKind == kind)
        {
            return value;
        }

        Problem(key, $"write {what}");
        return null;
    }
}
