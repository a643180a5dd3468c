using System.Globalization;
using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Protocol.Packs;

namespace SwarmPool.Runtime.Packs;

/// <summary>
/// How two outputs of a model differ. Exactly: in any byte. Within a tolerance: documents of JSON may differ in their numbers, and in texts that are numbers, by no
/// more than it allows; anything else may not differ.
/// </summary>
internal static class OutputComparison
{
    private const int Shown = 60;

    /// <summary>Null when they are the same, or near enough; else what differs, for people.</summary>
    /// <param name="expected">What should be.</param>
    /// <param name="got">What came.</param>
    /// <param name="tolerance">How far they may differ; null: not at all.</param>
    public static string? Difference(ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> got, PackTolerance? tolerance)
    {
        if (expected.Span.SequenceEqual(got.Span))
        {
            return null;
        }

        if (tolerance is null or { IsExact: true } || Parsed(expected) is not { } first)
        {
            return Bytes(expected.Span, got.Span);
        }

        using (first)
        {
            if (Parsed(got) is not { } second)
            {
                return Bytes(expected.Span, got.Span);
            }

            using (second)
            {
                return Difference("$", first.RootElement, second.RootElement, new Numbers(Of(tolerance.Absolute), Of(tolerance.Relative)));
            }
        }
    }

    private static string? Difference(string path, JsonElement expected, JsonElement got, Numbers within)
    {
        if (expected.ValueKind != got.ValueKind)
        {
            return At(path, expected, got);
        }

        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                var names = expected.EnumerateObject().Select(static member => member.Name).ToList();
                return names.SequenceEqual(got.EnumerateObject().Select(static member => member.Name), StringComparer.Ordinal)
                    ? names.Select(name => Difference($"{path}.{name}", expected.GetProperty(name), got.GetProperty(name), within)).FirstOrDefault(static one => one is not null)
                    : At(path, expected, got);
            case JsonValueKind.Array:
                return expected.GetArrayLength() == got.GetArrayLength()
                    ? expected.EnumerateArray().Zip(got.EnumerateArray()).Select((pair, i) => Difference(FormattableString.Invariant($"{path}[{i}]"), pair.First, pair.Second, within))
                        .FirstOrDefault(static one => one is not null)
                    : At(path, expected, got);
            case JsonValueKind.String:
                return within.Allow(expected.GetString()!, got.GetString()!) ? null : At(path, expected, got);
            default:
                return within.Allow(expected.GetRawText(), got.GetRawText()) ? null : At(path, expected, got);
        }
    }

    private static string At(string path, JsonElement expected, JsonElement got) => $"at {path} {Cut(expected.GetRawText(), 0)} is expected, and {Cut(got.GetRawText(), 0)} came.";

    private static string Bytes(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> got)
    {
        var at = expected.CommonPrefixLength(got);
        var lengths = expected.Length == got.Length ? "" : FormattableString.Invariant($" ({expected.Length} bytes are expected, {got.Length} came)");
        return FormattableString.Invariant($"from byte {at} on {Show(expected, at)} is expected, and {Show(got, at)} came{lengths}.");
    }

    private static string Show(ReadOnlySpan<byte> bytes, int at)
    {
        var from = Math.Max(0, at - (Shown / 4));
        var part = bytes[from..Math.Min(bytes.Length, from + Shown)];
        if (part.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0)
        {
            return $"{(from > 0 ? "…" : "")}'{System.Text.Encoding.ASCII.GetString(part)}'{(from + part.Length < bytes.Length ? "…" : "")}";
        }

        part = bytes[at..Math.Min(bytes.Length, at + (Shown / 4))];
        return $"0x{Convert.ToHexStringLower(part)}{(at + part.Length < bytes.Length ? "…" : "")}";
    }

    private static string Cut(string text, int from) => text.Length - from > Shown ? $"{text[from..(from + Shown)]}…" : text[from..];

    private static JsonDocument? Parsed(ReadOnlyMemory<byte> output)
    {
        try
        {
            return TextFile.ParseJson(output);
        }
        catch (JsonException)
        {
            return null; // Another form of output: compared byte by byte.
        }
    }

    private static double? Of(string? number) => number is null ? null : double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);

    private readonly record struct Numbers(double? Absolute, double? Relative)
    {
        public bool Allow(string expected, string got)
        {
            if (expected == got)
            {
                return true;
            }

            if (!TryRead(expected, out var a) || !TryRead(got, out var b))
            {
                return false;
            }

            var apart = Math.Abs(a - b);
            return apart <= Absolute || apart <= Relative * Math.Max(Math.Abs(a), Math.Abs(b));
        }

        private static bool TryRead(string text, out double number) =>
            double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }
}
