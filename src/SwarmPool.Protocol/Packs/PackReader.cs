using System.Globalization;
using System.Text.Json;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Packs;

/// <summary>
/// Reads one object of a pack and notes what is wrong instead of stopping at it. What is missing or wrong comes back as null; whoever reads
/// checks the problems at the end.
/// </summary>
internal sealed class PackReader(JsonElement element, string path, PackProblems problems)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public void Problem(string key, string what) => Problem(ErrorCodes.BadField, key, what);

    public void Problem(string code, string key, string what) => problems.Add(code, $"{path}.{key}: {what}.");

    public bool Has(string key)
    {
        known.Add(key);
        return element.TryGetProperty(key, out _);
    }

    /// <summary>A text of 1 to so many printable ASCII characters.</summary>
    public string? Text(string key, int most = 128, bool optional = true)
    {
        if (Find(key, JsonValueKind.String, "a text", optional) is not { } value)
        {
            return null;
        }

        var text = value.GetString()!;
        if (text.Length == 0 || text.Length > most || text.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0)
        {
            Problem(key, FormattableString.Invariant($"write 1 to {most} printable ASCII characters"));
            return null;
        }

        return text;
    }

    /// <summary>A text of a form of its own.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="problem">Null, or what is wrong with it.</param>
    /// <param name="optional">Whether it may be missing.</param>
    public string? Text(string key, Func<string, string?> problem, bool optional = true)
    {
        if (Text(key, 512, optional) is not { } text)
        {
            return null;
        }

        if (problem(text) is { } what)
        {
            Problem(key, what);
            return null;
        }

        return text;
    }

    public long? Integer(string key, long most)
    {
        if (Find(key, JsonValueKind.Number, "a whole number", optional: false) is not { } value)
        {
            return null;
        }

        if (value.TryGetInt64(out var number) && number >= 0 && number <= most)
        {
            return number;
        }

        Problem(key, string.Create(CultureInfo.InvariantCulture, $"write a whole number from 0 to {most}"));
        return null;
    }

    public Cid? Cid(string key)
    {
        if (Text(key, optional: false) is not { } text)
        {
            return null;
        }

        if (SwarmPool.Transport.Cid.TryParse(text, out var cid))
        {
            return cid;
        }

        Problem(key, "write a CIDv1 in base32 (raw or dag-pb, sha2-256)");
        return null;
    }

    public string? Sha256(string key, bool optional) => Text(
        key,
        static text => text.Length == 64 && !text.AsSpan().ContainsAnyExcept("0123456789abcdef") ? null : "write 64 lower-case hex digits",
        optional);

    /// <summary>An inner object; null when it is not there.</summary>
    public PackReader? Object(string key) =>
        Find(key, JsonValueKind.Object, "an object", optional: true) is { } value ? new PackReader(value, $"{path}.{key}", problems) : null;

    /// <summary>The objects of a list; none when something is wrong with the list itself.</summary>
    public IReadOnlyList<PackReader> Objects(string key, int most, string tooMany, bool optional)
    {
        if (Find(key, JsonValueKind.Array, "a list", optional) is not { } list)
        {
            return [];
        }

        var count = list.GetArrayLength();
        if (count == 0)
        {
            Problem(key, "write one entry at least");
        }

        if (count > most)
        {
            Problem(tooMany, key, string.Create(CultureInfo.InvariantCulture, $"{count} entries are more than {most}"));
            return [];
        }

        var items = new List<PackReader>(count);
        foreach (var item in list.EnumerateArray())
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{path}.{key}[{items.Count}]");
            if (item.ValueKind != JsonValueKind.Object)
            {
                problems.Add(ErrorCodes.BadField, $"{place}: write an object.");
                return [];
            }

            items.Add(new PackReader(item, place, problems));
        }

        return items;
    }

    /// <summary>Whether a value is a text or an object, which the caller then reads by that.</summary>
    public JsonValueKind KindOf(string key) => Has(key) ? element.GetProperty(key).ValueKind : JsonValueKind.Undefined;

    /// <summary>Notes every key that nobody read: a misspelt one would be ignored silently.</summary>
    public void End()
    {
        foreach (var member in element.EnumerateObject().Where(member => !known.Contains(member.Name)))
        {
            Problem(JsonPath.Shown(member.Name), "there is no such key here; remove or correct it");
        }
    }

    private JsonElement? Find(string key, JsonValueKind kind, string what, bool optional)
    {
        if (!Has(key))
        {
            if (!optional)
            {
                Problem(key, $"is missing; write {what}");
            }

            return null;
        }

        var value = element.GetProperty(key);
        if (value.ValueKind == kind)
        {
            return value;
        }

        Problem(key, $"write {what}");
        return null;
    }
}
