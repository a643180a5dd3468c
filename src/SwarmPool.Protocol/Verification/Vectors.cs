using System.Buffers.Binary;

namespace SwarmPool.Protocol.Verification;

/// <summary>Compares lists of numbers: by the angle between them, or number by number.</summary>
/// <remarks>Pure; thread-safe. Sums are in IEEE doubles, in the order of the numbers.</remarks>
internal static class Vectors
{
    public static double[] OfFloats(ReadOnlySpan<byte> bytes)
    {
        var values = new double[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return values;
    }

    /// <param name="one">One of them.</param>
    /// <param name="other">The other.</param>
    /// <param name="tolerance">Its cosine counts, where it has one.</param>
    /// <param name="measures">What is found.</param>
    /// <param name="what">What it is, for people.</param>
    public static bool Compare(ReadOnlySpan<double> one, ReadOnlySpan<double> other, OutputTolerance tolerance, OutputMeasures measures, string what)
    {
        if (one.Length != other.Length)
        {
            return measures.Differ(FormattableString.Invariant($"{what} has {one.Length} numbers in one and {other.Length} in the other"));
        }

        return tolerance.Cosine is { } gap ? Cosine(one, other, gap, measures, what) : Each(one, other, tolerance, measures, what);
    }

    /// <summary>Number by number.</summary>
    public static bool Each(ReadOnlySpan<double> one, ReadOnlySpan<double> other, OutputTolerance tolerance, OutputMeasures measures, string what)
    {
        var near = one.Length == other.Length || measures.Differ(FormattableString.Invariant($"{what} has {one.Length} numbers in one and {other.Length} in the other"));
        for (var i = 0; near && i < one.Length; i++)
        {
            measures.Distance(one[i], other[i]);
            near = tolerance.IsNear(one[i], other[i]) || measures.Differ(FormattableString.Invariant($"{what} is {one[i]} at place {i} in one and {other[i]} in the other"));
        }

        return near;
    }

    private static bool Cosine(ReadOnlySpan<double> one, ReadOnlySpan<double> other, double gap, OutputMeasures measures, string what)
    {
        var (dot, left, right) = (0.0, 0.0, 0.0);
        for (var i = 0; i < one.Length; i++)
        {
            dot += one[i] * other[i];
            left += one[i] * one[i];
            right += other[i] * other[i];
        }

        // NaN, infinite and zero vectors have no direction; "<=" is false for NaN.
        var cosine = dot / (Math.Sqrt(left) * Math.Sqrt(right));
        measures.CosineGap(1 - cosine);
        return 1 - cosine <= gap || measures.Differ(FormattableString.Invariant($"the cosine of {what} is {cosine}; at least {1 - gap} is needed"));
    }
}
