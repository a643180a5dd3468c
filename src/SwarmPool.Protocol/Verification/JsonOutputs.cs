using System.Text.Json;

namespace SwarmPool.Protocol.Verification;

/// <summary>
/// Compares outputs in JSON. Which strings are numbers is known by where they stand: a label "7" is no number, a probability "0.7" is one.
/// </summary>
internal static class JsonOutputs
{
    // Decimal strings, wherever they stand.
    private static readonly HashSet<string> Decimals = new(["confidence", "probability", "score"], StringComparer.Ordinal);

    // What is counted or chosen, never computed: the same or not.
    private static readonly HashSet<string> Counts = new(["dimensions", "height", "ids", "shape", "usage", "width"], StringComparer.Ordinal);

    public static bool Compare(JsonElement one, JsonElement other, OutputTolerance tolerance, OutputMeasures measures)
    {
        if (one.ValueKind == JsonValueKind.Object && other.ValueKind == JsonValueKind.Object)
        {
            if (Both(one, other, "boxes", out var left, out var right) && left.ValueKind == JsonValueKind.Array && right.ValueKind == JsonValueKind.Array)
            {
                return BoxMatching.Compare(left, right, tolerance, measures) && Members(one, other, "boxes", tolerance, measures);
            }

            if (Both(one, other, "labels", out left, out right) && left.ValueKind == JsonValueKind.Array && right.ValueKind == JsonValueKind.Array)
            {
                return Labels(left, right, tolerance, measures) && Members(one, other, "labels", tolerance, measures);
            }
        }

        return Any(one, other, "", tolerance, measures);
    }

    private static bool Any(JsonElement one, JsonElement other, string key, OutputTolerance tolerance, OutputMeasures measures)
    {
        if (Decimals.Contains(key) && JsonNumbers.TryRead(one, out var left) && JsonNumbers.TryRead(other, out var right))
        {
            return Vectors.Each([left], [right], tolerance, measures, key);
        }

        return (one.ValueKind, other.ValueKind) switch
        {
            _ when Counts.Contains(key) => JsonElement.DeepEquals(one, other) || measures.Differ($"{key} differs"),
            (JsonValueKind.Object, JsonValueKind.Object) => key == "scores" ? Scores(one, other, tolerance, measures) : Members(one, other, "", tolerance, measures),
            (JsonValueKind.Array, JsonValueKind.Array) => Array(one, other, key, tolerance, measures),
            (JsonValueKind.Number, JsonValueKind.Number) => Number(one, other, key, tolerance, measures),
            (JsonValueKind.String, JsonValueKind.String) => TextForms.AreSame(one.GetString()!, other.GetString()!, tolerance.Text) || measures.Differ($"the texts{At(key)} differ"),
            var (mine, its) => mine == its || measures.Differ($"the values{At(key)} are of different kinds"),
        };
    }

    private static bool Number(JsonElement one, JsonElement other, string key, OutputTolerance tolerance, OutputMeasures measures) =>
        JsonNumbers.TryRead(one, out var left) && JsonNumbers.TryRead(other, out var right)
            ? Vectors.Each([left], [right], tolerance, measures, key.Length > 0 ? key : "a number")
            : measures.Differ($"a number{At(key)} can't be read");

    private static bool Members(JsonElement one, JsonElement other, string but, OutputTolerance tolerance, OutputMeasures measures)
    {
        if (one.GetPropertyCount() != other.GetPropertyCount())
        {
            return measures.Differ("one of them has parts that the other hasn't");
        }

        foreach (var member in one.EnumerateObject())
        {
            if (!other.TryGetProperty(member.Name, out var counterpart))
            {
                return measures.Differ("one of them has parts that the other hasn't");
            }

            if (member.Name != but && !Any(member.Value, counterpart, member.Name, tolerance, measures))
            {
                return false;
            }
        }

        return true;
    }

    // Everybody's scores by label.
    private static bool Scores(JsonElement one, JsonElement other, OutputTolerance tolerance, OutputMeasures measures)
    {
        if (one.GetPropertyCount() != other.GetPropertyCount())
        {
            return measures.Differ("they have scores of different labels");
        }

        foreach (var member in one.EnumerateObject())
        {
            if (!other.TryGetProperty(member.Name, out var counterpart) || !JsonNumbers.TryRead(member.Value, out var left) || !JsonNumbers.TryRead(counterpart, out var right))
            {
                return measures.Differ("they have scores of different labels");
            }

            if (!Vectors.Each([left], [right], tolerance, measures, "a score"))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Array(JsonElement one, JsonElement other, string key, OutputTolerance tolerance, OutputMeasures measures)
    {
        if (key is "embedding" or "embeddings" && JsonNumbers.List(one) is { } left && JsonNumbers.List(other) is { } right)
        {
            return Vectors.Compare(left, right, tolerance, measures, "the vector");
        }

        if (key == "data" && JsonNumbers.List(one) is { } numbers && JsonNumbers.List(other) is { } its)
        {
            return Vectors.Each(numbers, its, tolerance, measures, "a tensor");
        }

        if (one.GetArrayLength() != other.GetArrayLength())
        {
            return measures.Differ(FormattableString.Invariant($"the lists{At(key)} have {one.GetArrayLength()} and {other.GetArrayLength()} entries"));
        }

        using var theirs = other.EnumerateArray().GetEnumerator();
        foreach (var item in one.EnumerateArray())
        {
            theirs.MoveNext();
            if (!Any(item, theirs.Current, key, tolerance, measures))
            {
                return false;
            }
        }

        return true;
    }

    // The first labels, and how likely each is that both have.
    private static bool Labels(JsonElement one, JsonElement other, OutputTolerance tolerance, OutputMeasures measures)
    {
        if (Read(one) is not { } left || Read(other) is not { } right || left.Count != right.Count)
        {
            return measures.Differ("they name different numbers of labels, or something that is none");
        }

        var first = left.Take(tolerance.Top).Select(static label => label.Name).ToHashSet(StringComparer.Ordinal);
        if (!first.SetEquals(right.Take(tolerance.Top).Select(static label => label.Name)))
        {
            return measures.Differ(tolerance.Top == 1 ? "the labels differ" : FormattableString.Invariant($"the first {tolerance.Top} labels differ"));
        }

        var likely = right.ToDictionary(static label => label.Name, static label => label.Probability, StringComparer.Ordinal);
        return left.All(label => !likely.TryGetValue(label.Name, out var its) || Vectors.Each([label.Probability], [its], tolerance, measures, "a probability"));
    }

    // Each label once, as the step that writes them does it.
    private static List<(string Name, double Probability)>? Read(JsonElement labels)
    {
        var (read, names) = (new List<(string, double)>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var label in labels.EnumerateArray())
        {
            if (label.ValueKind != JsonValueKind.Object || !label.TryGetProperty("label", out var name) || name.ValueKind != JsonValueKind.String
                || !label.TryGetProperty("probability", out var probability) || !JsonNumbers.TryRead(probability, out var number) || !names.Add(name.GetString()!))
            {
                return null;
            }

            read.Add((name.GetString()!, number));
        }

        return read;
    }

    private static bool Both(JsonElement one, JsonElement other, string key, out JsonElement left, out JsonElement right)
    {
        right = default;
        return one.TryGetProperty(key, out left) && other.TryGetProperty(key, out right);
    }

    // A stranger's key: shown when it is a plain word.
    private static string At(string key) => key.Length is > 0 and <= 32 && key.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') ? $" at {key}" : "";
}
