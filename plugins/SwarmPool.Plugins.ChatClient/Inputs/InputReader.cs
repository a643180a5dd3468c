using System.Globalization;
using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.ChatClient.Inputs;

/// <summary>Reads the object that a job's input is, a stranger's: strict, and with all problems at once.</summary>
internal sealed class InputReader(JsonElement root)
{
    private const int MostShown = 64;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private readonly List<string> problems = [];
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <exception cref="InferenceException">SP5121: the input is no such object.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> input, string form, Func<InputReader, T> read)
    {
        try
        {
            using var document = TextFile.ParseJson(input, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Refuse("it is no object", form);
            }

            var reader = new InputReader(document.RootElement);
            var made = read(reader);
            reader.End();
            return reader.problems.Count == 0 ? made : throw Refuse(string.Join("; ", reader.problems), form);
        }
        catch (JsonException wrong)
        {
            throw Refuse($"it is not JSON: {wrong.Message.TrimEnd('.')}", form, wrong);
        }
    }

    public void Problem(string what)
    {
        if (problems.Count < 16)
        {
            problems.Add(what);
        }
    }

    public JsonElement? Find(string key)
    {
        known.Add(key);
        return root.TryGetProperty(key, out var value) ? value : null;
    }

    /// <summary>A list of one element at least; empty, and a problem, when there is none or it is longer.</summary>
    public IReadOnlyList<JsonElement> List(string key, int most)
    {
        if (Find(key) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() is var count && count >= 1 && count <= most)
        {
            return [.. list.EnumerateArray()];
        }

        Problem(FormattableString.Invariant($"{key}: write a list of 1 to {most}"));
        return [];
    }

    public int? Integer(string key, int least, int most)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Problem(FormattableString.Invariant($"{key}: write a whole number from {least} to {most}"));
        return null;
    }

    /// <summary>A number, or as elsewhere in the protocol a decimal string.</summary>
    public float? Number(string key, float least, float most)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        var text = value.ValueKind switch { JsonValueKind.Number => value.GetRawText(), JsonValueKind.String => value.GetString()!, _ => "" };
        if (text.Length is > 0 and <= 24 && float.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Problem(FormattableString.Invariant($"{key}: write a decimal number from {least} to {most}"));
        return null;
    }

    private void End()
    {
        foreach (var member in root.EnumerateObject().Where(member => !known.Contains(member.Name)))
        {
            Problem($"there is no key \"{(member.Name.Length <= MostShown ? member.Name : member.Name[..MostShown] + "…")}\"");
        }
    }

    private static InferenceException Refuse(string why, string form, Exception? inner = null) =>
        ChatFault.Make(ChatFault.InputInvalid, $"The input can't be used: {why}. Send {form} as UTF-8 JSON.", inner);
}
