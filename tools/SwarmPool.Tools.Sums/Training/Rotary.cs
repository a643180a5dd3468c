namespace SwarmPool.Tools.Sums.Training;

/// <summary>
/// Rotary positions (Su et al., 2021): pair i of a head's numbers is turned by position · base^(-2i/width). Cosine and sine are computed by
/// additions and multiplications alone: the platform's own differ in their last bit.
/// </summary>
internal static class Rotary
{
    public const int Pairs = Shape.HeadWidth / 2;

    /// <summary>Cosines, position by position, a number a pair.</summary>
    public static float[] Cosines { get; } = Table(static angle => Series(angle, 1, 0));

    /// <summary>Sines, the same.</summary>
    public static float[] Sines { get; } = Table(static angle => Series(angle, angle, 1));

    /// <summary>Turns the heads of one position, forth (1) or back (-1).</summary>
    public static void Turn(Span<float> heads, int position, float direction)
    {
        for (var at = 0; at < heads.Length; at += 2)
        {
            var pair = (position * Pairs) + (at % Shape.HeadWidth / 2);
            var (cosine, sine) = (Cosines[pair], Sines[pair] * direction);
            var (x, y) = (heads[at], heads[at + 1]);
            heads[at] = (x * cosine) - (y * sine);
            heads[at + 1] = (x * sine) + (y * cosine);
        }
    }

    private static float[] Table(Func<double, double> of)
    {
        var table = new float[Shape.Context * Pairs];
        var step = Math.Sqrt(Math.Sqrt(Math.Sqrt(Shape.RotaryBase))); // base^(2/width) for a head of 16: the eighth root.
        for (var position = 0; position < Shape.Context; position++)
        {
            var angle = (double)position;
            for (var pair = 0; pair < Pairs; pair++)
            {
                table[(position * Pairs) + pair] = (float)of(angle - (Math.Round(angle / Math.Tau) * Math.Tau));
                angle /= step;
            }
        }

        return table;
    }

    // Taylor's, over an angle of at most half a turn.
    private static double Series(double angle, double first, int power)
    {
        var (sum, term) = (first, first);
        for (var n = power + 2; n < 40; n += 2)
        {
            term *= -angle * angle / (n * (n - 1));
            sum += term;
        }

        return sum;
    }
}
