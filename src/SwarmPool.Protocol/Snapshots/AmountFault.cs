using System.Text.Json;
using SwarmPool.Protocol.Json;
using SwarmPool.Settlement;

namespace SwarmPool.Protocol.Snapshots;

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
