using System.Globalization;
using SwarmPool.Protocol.Packs;

namespace SwarmPool.Protocol.Verification;

/// <summary>How far two honest outputs may differ, as a model's manifest says it, in numbers to reckon with.</summary>
/// <param name="Absolute">What two numbers may always differ by.</param>
/// <param name="Relative">What they may differ by beyond that, as a part of the greater of their sizes.</param>
/// <param name="Top">How many of the first labels have to be the same, in any order.</param>
/// <param name="Cosine">How far below 1 the cosine of two vectors may be; null: vectors are compared number by number.</param>
/// <param name="Overlap">How much of their union two boxes have to share; null: their edges are compared as numbers.</param>
/// <param name="Text">What of a text counts.</param>
internal sealed record OutputTolerance(double Absolute, double Relative, int Top, double? Cosine, double? Overlap, TextForm Text)
{
    /// <summary>What a manifest says; null where it says that outputs are exact, or nothing.</summary>
    public static OutputTolerance? Of(PackTolerance? stated) => stated is null or { IsExact: true }
        ? null
        : new OutputTolerance(
            Number(stated.Absolute) ?? 0,
            Number(stated.Relative) ?? 0,
            stated.Top ?? 1,
            Number(stated.Cosine),
            Number(stated.Overlap),
            TextForms.Of(stated.Text));

    /// <summary>Whether two numbers are near enough. Infinities and NaN are near to themselves alone.</summary>
    public bool IsNear(double one, double other) =>
        one.Equals(other)
        || (double.IsFinite(one) && double.IsFinite(other) && Math.Abs(one - other) <= Absolute + (Relative * Math.Max(Math.Abs(one), Math.Abs(other))));

    // The manifest's form was checked when it was read.
    private static double? Number(string? text) => text is null ? null : double.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
}
