using System.Globalization;
using System.Text.Json;

namespace SwarmPool.Plugins.Onnx.Models;

/// <summary>
/// Reads one object of a model.json and notes what is wrong instead of stopping at it, so that all problems are told at
/// once. What is missing or wrong comes back as a harmless value; whoever reads checks the list of problems at the end.
/// </summary>
internal sealed partial class ManifestReader(JsonElement element, string path, List<string> problems, ManifestContext context)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public void Problem(string key, string wanted) => problems.Add($"{path}.{key}: {wanted}");

    public bool Has(string key) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out _);

    /// <summary>A text of 1 to <paramref name="most"/> printable ASCII characters; that needs no escaping rules of its own when it is written.</summary>
    public string Text(string key, int most = 256, string? otherwise = null)
    {
        if (Find(key, JsonValueKind.String, "a text", otherwise is not null) is not { } value)
        {
            return otherwise ?? "";
        }

        return CheckText(key, value, most);
    }

    public string Choice(string key, string? otherwise, params ReadOnlySpan<string> allowed)
    {
        var text = Text(key, otherwise: otherwise);
        if (text.Length > 0 && !allowed.Contains(text))
        {
            Problem(key, $"write one of {string.Join(", ", allowed.ToArray())}, not \"{text}\"");
        }

        return text;
    }

    public int Integer(string key, int least, int most, int? otherwise = null)
    {
        if (Find(key, JsonValueKind.Number, "a whole number", otherwise is not null) is { } value)
        {
            if (value.TryGetInt32(out var number) && number >= least && number <= most)
            {
                return number;
            }

            Problem(key, string.Create(CultureInfo.InvariantCulture, $"write a whole number from {least} to {most}, not {value}"));
        }

        return otherwise ?? least;
    }

    public double Number(string key, double least, double most, double? otherwise = null)
    {
        if (Find(key, JsonValueKind.Number, "a number", otherwise is not null) is { } value)
        {
            if (value.TryGetDouble(out var number) && number >= least && number <= most)
            {
                return number;
            }

            Problem(key, string.Create(CultureInfo.InvariantCulture, $"write a number from {least} to {most}, not {value}"));
        }

        return otherwise ?? least;
    }

    public bool Flag(string key, bool otherwise)
    {
        known.Add(key);
        if (!Has(key))
        {
            return otherwise;
        }

        var value = element.GetProperty(key);
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Problem(key, "write true or false");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    public IReadOnlyList<string> Texts(string key, int most)
    {
        var texts = new List<string>();
        foreach (var (name, item) in Items(key, most))
        {
            if (item.ValueKind == JsonValueKind.String)
            {
                texts.Add(CheckText(name, item, 128));
            }
            else
            {
                Problem(name, "write a text");
            }
        }

        if (texts.Distinct(StringComparer.Ordinal).Count() != texts.Count)
        {
            Problem(key, "write each entry once");
        }

        return texts;
    }

    public IReadOnlyList<ManifestReader> Objects(string key, int most) =>
        [.. Items(key, most).Select(item => Inner(item.Name, item.Value))];

    /// <summary>The elements of a list, whatever they are.</summary>
    public IReadOnlyList<(string Name, JsonElement Value)> Items(string key, int most, int least = 1)
    {
        if (Find(key, JsonValueKind.Array, "a list", optional: least == 0) is not { } list)
        {
            return [];
        }

        var count = list.GetArrayLength();
        if (count < least || count > most)
        {
            Problem(key, FormattableString.Invariant($"write {least} to {most} entries, not {count}"));
            return [];
        }

        return [.. list.EnumerateArray().Select((item, i) => (FormattableString.Invariant($"{key}[{i}]"), item))];
    }

    /// <summary>An inner object; null, and a problem unless it is optional, when it is not there.</summary>
    public ManifestReader? Object(string key, bool optional = false) =>
        Find(key, JsonValueKind.Object, "an object", optional) is { } value ? Inner(key, value) : null;

    /// <summary>The members of this object, each of which counts as known.</summary>
    public IReadOnlyList<(string Name, JsonElement Value)> Members()
    {
        var members = element.EnumerateObject().Select(member => (member.Name, member.Value)).ToList();
        known.UnionWith(members.Select(member => member.Name));
        return members;
    }

    /// <summary>Notes every key that nobody reads: a misspelt one would be ignored silently.</summary>
    public void End()
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                Problem(member.Name, "there is no such key here; remove or correct it");
            }
        }
    }

    private ManifestReader Inner(string key, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Problem(key, "write an object");
        }

        return new ManifestReader(value, $"{path}.{key}", problems, context);
    }

    private JsonElement? Find(string key, JsonValueKind kind, string what, bool optional)
    {
        known.Add(key);
        if (!Has(key))
        {
            // Where this is not an object at all, that has been reported already.
            if (!optional && element.ValueKind == JsonValueKind.Object)
            {
                Problem(key, $"is missing; write {what}");
            }

            return null;
        }

        var value = element.GetProperty(key);
        if (value.ValueKind != kind)
        {
            Problem(key, $"write {what}");
            return null;
        }

        return value;
    }

    private string CheckText(string key, JsonElement value, int most)
    {
        var text = value.GetString()!;
        if (text.Length == 0 || text.Length > most || text.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0)
        {
            Problem(key, FormattableString.Invariant($"write 1 to {most} printable ASCII characters"));
            return "";
        }

        return text;
    }
}
