using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SwarmPool.Programs.Reporting;

/// <summary>JSON as the programs write it: snake_case names, amounts as decimal strings, CIDs and names as their text.</summary>
public static class JsonText
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // It goes to programs, never into a page of HTML.
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    /// <summary>One document, for <c>status</c>, <c>submit</c> and the like.</summary>
    public static string Document(object value) => JsonSerializer.Serialize(value, Indented);

    /// <summary>One document of several, on one line.</summary>
    public static string Line(object value) => JsonSerializer.Serialize(value, Compact);

    /// <summary>One event on one line: <c>{"event":"job_new","at":…,…}</c>.</summary>
    /// <param name="name">The event's name.</param>
    /// <param name="at">When it was seen.</param>
    /// <param name="item">Its members.</param>
    public static string Event(string name, DateTimeOffset at, object item)
    {
        var line = new JsonObject { ["event"] = name, ["at"] = at.ToUnixTimeMilliseconds() };
        foreach (var member in JsonSerializer.SerializeToNode(item, Compact)!.AsObject().ToList())
        {
            line[member.Key] = member.Value?.DeepClone();
        }

        return line.ToJsonString(Compact);
    }
}
