using System.Globalization;
using System.Text.Json;

namespace SwarmPool.Protocol.Verification;

/// <summary>Numbers in outputs: JSON's own, and as everywhere in the protocol decimal strings.</summary>
internal static class JsonNumbers
{
    /// <summary>The number that a value is; finite.</summary>
    public static bool TryRead(JsonElement value, out double number)
    {
        number = 0;
        var text = value.ValueKind switch { JsonValueKind.Number => value.GetRawText(), JsonValueKind.String => value.GetString()!, _ => "" };
        return text.Length is > 0 and <= 64
            && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
    }

    /// <summary>The numbers of a list; null when something of it is none.</summary>
    public static double[]? List(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var (numbers, count) = (new double[list.GetArrayLength()], 0);
        foreach (var item in list.EnumerateArray())
        {
            if (!TryRead(item, out numbers[count++]))
            {
                return null;
            }
        }

        return numbers;
    }

    /// <summary>What is wrong with an output's numbers: one of JSON's that is beyond all bounds; null when nothing is.</summary>
    public static string? Problem(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => TryRead(value, out _) ? null : "the output has a number that no program can read",
        JsonValueKind.Array => value.EnumerateArray().Select(Problem).FirstOrDefault(static problem => problem is not null),
        JsonValueKind.Object => value.EnumerateObject().Select(static member => Problem(member.Value)).FirstOrDefault(static problem => problem is not null),
        _ => null,
    };
}
