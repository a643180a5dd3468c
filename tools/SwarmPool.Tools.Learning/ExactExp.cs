namespace SwarmPool.Tools.Learning;

/// <summary>
/// The exponential function by additions and multiplications alone. MathF.Exp calls the platform's C library, whose last
/// bit differs between versions; training would then give another model on another machine.
/// </summary>
public static class ExactExp
{
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>e to the power of <paramref name="x"/>, for x of 0 and less; 0 below -80. Relative error below 1e-6.</summary>
    public static float OfNonPositive(float x)
    {
        if (x < -80f)
        {
            return 0f;
        }

        var power = (int)((x * Log2E) - 0.5f);
        var r = x - (power * Ln2High) - (power * Ln2Low);
        var series = 1f + (r * (1f + (r * (0.5f + (r * ((1f / 6f) + (r * ((1f / 24f) + (r * ((1f / 120f) + (r * (1f / 720f))))))))))));
        return series * BitConverter.Int32BitsToSingle((power + 127) << 23);
    }
}
