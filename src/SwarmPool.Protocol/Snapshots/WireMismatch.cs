using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;
using SwarmPool.Settlement;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>
/// Says, of an object that a record could not be read from, which field is missing or wrong. Runs only after reading failed:
/// it walks the record's own metadata, so that it can't disagree with it.
/// </summary>
internal static class WireMismatch
{
    private const string AmountPath = "$.payment.amount";

    public static Refusal Explain(byte[] canonical, JsonTypeInfo info, JsonException failure)
    {
        using var document = JsonDocument.Parse(canonical, new JsonDocumentOptions { MaxDepth = CanonicalJson.MaxDepth + 1 });
        var path = failure.Path is { Length: > 0 } named ? named : "$";
        if (path == AmountPath && document.RootElement.TryGetProperty("payment"u8, out var payment) && payment.TryGetProperty("amount"u8, out var amount))
        {
            return new Refusal(ErrorCodes.BadAmount, $"{AmountPath} {AmountFault.Of(amount)}.");
        }

        var reason = Walk(document.RootElement, info, "$")
            ?? (failure.Message.StartsWith("expected", StringComparison.Ordinal) ? $"{path}: {failure.Message}" : $"{path} is not of the form or range that the field has");
        return new Refusal(ErrorCodes.BadField, $"{reason}.");
    }

    private static string? Walk(JsonElement element, JsonTypeInfo info, string path) => info.Kind switch
    {
        JsonTypeInfoKind.Object => WalkObject(element, info, path),
        JsonTypeInfoKind.Enumerable => WalkArray(element, info, path),
        _ => WalkValue(element, info.Type, path),
    };

    private static string? WalkObject(JsonElement element, JsonTypeInfo info, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return $"{path}: expected an object, not {Kind(element)}";
        }

        foreach (var property in info.Properties)
        {
            var at = $"{path}.{property.Name}";
            if (!element.TryGetProperty(property.Name, out var value))
            {
                if (property.IsRequired)
                {
                    return $"{at} is missing";
                }
            }
            else if (property.Set is not null || property.AssociatedParameter is not null)
            {
                var inner = info.Options.GetTypeInfo(property.PropertyType);
                if (Walk(value, inner, at) is { } reason)
                {
                    return reason;
                }
            }
        }

        return null;
    }

    private static string? WalkArray(JsonElement element, JsonTypeInfo info, string path)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return $"{path}: expected an array, not {Kind(element)}";
        }

        var inner = info.Options.GetTypeInfo(info.ElementType!);
        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            if (Walk(item, inner, $"{path}[{index++}]") is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private static string? WalkValue(JsonElement element, Type type, string path)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var (expected, wanted) =
            plain == typeof(long) || plain == typeof(int) ? (JsonValueKind.Number, "an integer")
            : plain == typeof(bool) ? (JsonValueKind.True, "true or false")
            : (JsonValueKind.String, "a string");
        var actual = element.ValueKind == JsonValueKind.False ? JsonValueKind.True : element.ValueKind;
        return actual == expected ? null : $"{path}: expected {wanted}, not {Kind(element)}";
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };
}

/// <summary>Says what is wrong with an amount that <see cref="Usdc.TryParse"/> refused.</summary>
internal static class AmountFault
{
    private const string Form = "write digits with at most 6 decimal places as a string, like \"0.1\"";

    /// <summary>The end of a sentence that begins with the amount's place.</summary>
    public static string Of(JsonElement amount) => amount.ValueKind == JsonValueKind.String
        ? Of(amount.GetString()!)
        : $"is not a string: {Form}";

    private static string Of(string text)
    {
        var shown = $"'{JsonPath.Shown(text)}'";
        if (text.Length == 0)
        {
            return $"is empty: {Form}";
        }

        if (text[0] is '-' or '+')
        {
            return $"{shown} has a sign, and amounts are never negative: {Form}";
        }

        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9') is var at and >= 0 ? text.AsSpan(0, at) : text;
        var rest = text.AsSpan(digits.Length);
        if (digits.Length > 0 && rest.ContainsAny('e', 'E'))
        {
            return $"{shown} has an exponent: {Form}";
        }

        if (digits.Length == 0 || (rest.Length > 0 && rest[0] != '.') || rest.Length == 1 || rest[Math.Min(1, rest.Length)..].ContainsAnyExceptInRange('0', '9'))
        {
            return $"{shown} is not a decimal number: {Form}";
        }

        if (rest.Length > 7)
        {
            return $"{shown} has more than 6 decimal places, and USDC has 6: {Form}";
        }

        return digits.Length > 1 && digits[0] == '0'
            ? $"{shown} has a leading zero: {Form}"
            : $"{shown} is more than {Usdc.FromMicro(Usdc.MaxMicro)} USDC, the most an amount may be";
    }
}
