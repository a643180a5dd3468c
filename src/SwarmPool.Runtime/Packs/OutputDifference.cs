using SwarmPool.Protocol.Packs;
using SwarmPool.Protocol.Verification;

namespace SwarmPool.Runtime.Packs;

/// <summary>How an output differs from the one that should be, for people. What is near enough is what a pool's verifier takes for the same (<see cref="OutputComparer"/>).</summary>
internal static class OutputDifference
{
    private const int Shown = 60;

    /// <summary>Null when they are the same, or near enough; else what differs, for people.</summary>
    /// <param name="expected">What should be.</param>
    /// <param name="got">What came.</param>
    /// <param name="tolerance">How far they may differ; null: not at all.</param>
    public static string? Of(ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> got, PackTolerance? tolerance)
    {
        if (OutputTolerance.Of(tolerance) is { } allowed)
        {
            return OutputComparer.Compare(expected, got, allowed).Difference is { } reason ? $"{reason}: {Bytes(expected.Span, got.Span)}" : null;
        }

        return expected.Span.SequenceEqual(got.Span) ? null : Bytes(expected.Span, got.Span);
    }

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
}
