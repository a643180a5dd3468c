namespace SwarmPool.Protocol.Sampling;

/// <summary>
/// ln and exp that give the same bits on every machine: made of additions, multiplications and divisions of IEEE doubles alone,
/// none of them fused, where <see cref="Math"/> asks the system's C library.
/// </summary>
/// <remarks>
/// Pure; thread-safe. The algorithms and constants are fdlibm's (Sun Microsystems 1993, e_log.c and e_exp.c; "permission to use, copy,
/// modify, and distribute this software is freely granted"); errors are below one unit in the last place.
/// </remarks>
internal static class PortableMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>The natural logarithm of a positive, finite, normal number.</summary>
    public static double Log(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var high = (int)(bits >> 32);
        var k = (high >> 20) - 1023;
        high &= 0x000fffff;
        var i = (high + 0x95f64) & 0x100000;
        x = BitConverter.Int64BitsToDouble(((long)(high | (i ^ 0x3ff00000)) << 32) | (bits & 0xffffffffL));
        k += i >> 20;
        double dk = k;
        var f = x - 1.0;
        if ((0x000fffff & (2 + high)) < 3)
        {
            if (f == 0)
            {
                return (dk * Ln2High) + (dk * Ln2Low);
            }

            var r = f * f * (0.5 - (0.33333333333333333 * f));
            return (dk * Ln2High) - (r - (dk * Ln2Low) - f);
        }

        var s = f / (2.0 + f);
        var z = s * s;
        var w = z * z;
        var even = w * (3.999999999940941908e-01 + (w * (2.222219843214978396e-01 + (w * 1.531383769920937332e-01))));
        var odd = z * (6.666666666666735130e-01 + (w * (2.857142874366239149e-01 + (w * (1.818357216161805012e-01 + (w * 1.479819860511658591e-01))))));
        var sum = odd + even;
        if (((high - 0x6147a) | (0x6b851 - high)) > 0)
        {
            var half = 0.5 * f * f;
            return (dk * Ln2High) - (half - ((s * (half + sum)) + (dk * Ln2Low)) - f);
        }

        return (dk * Ln2High) - ((s * (f - sum)) - (dk * Ln2Low) - f);
    }

    /// <summary>e to the power of a number that is zero or less; 0 below -745.</summary>
    public static double Exp(double x)
    {
        if (x < -745.13321910194110842)
        {
            return 0;
        }

        double high = 0, low = 0;
        var k = 0;
        if (x < -0.34657359027997264)
        {
            k = (int)((1.44269504088896338700 * x) - 0.5);
            high = x - (k * Ln2High);
            low = k * Ln2Low;
            x = high - low;
        }
        else if (x > -3.7252902984619140625e-09)
        {
            return 1.0 + x;
        }

        var t = x * x;
        var c = x - (t * (1.66666666666666019037e-01 + (t * (-2.77777777770155933842e-03 + (t * (6.61375632143793436117e-05 + (t * (-1.65339022054652515390e-06 + (t * 4.13813679705723846039e-08)))))))));
        if (k == 0)
        {
            return 1.0 - ((x * c / (c - 2.0)) - x);
        }

        var y = 1.0 - (low - (x * c / (2.0 - c)) - high);
        return k >= -1021
            ? BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(y) + ((long)k << 52))
            : BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(y) + ((long)(k + 1000) << 52)) * 9.33263618503218878990e-302;
    }
}
