namespace SwarmPool.Plugins.Onnx.Audio;

/// <summary>
/// Brings a recording to another rate by a sinc under a Kaiser window: what the new rate can't hold is filtered out first, so that nothing
/// comes back as another tone.
/// </summary>
/// <remarks>Source: J. O. Smith, "Digital Audio Resampling" (bandlimited interpolation from a table of the filter).</remarks>
internal static class RateConverter
{
    private const int Crossings = 32;
    private const int Steps = 512; // Between two zero crossings; between two steps it is linear.
    private const double Beta = 9.0; // 90 dB down in the stop band.
    private const double RollOff = 0.95;

    private static readonly double[] Filter = MakeFilter();

    public static float[] Convert(float[] samples, int from, int to, CancellationToken cancellationToken)
    {
        if (from == to)
        {
            return samples;
        }

        var cutoff = RollOff * Math.Min(1.0, (double)to / from);
        var reach = Crossings / cutoff; // Input samples on either side.
        var count = (int)Math.Max(1, ((samples.LongLength * to) + from - 1) / from);
        var converted = new float[count];
        for (var i = 0; i < count; i++)
        {
            if ((i & 0xFFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            // Where it lies among the input's samples: whole numbers, so that no error adds up.
            var position = (long)i * from;
            var (whole, part) = ((int)(position / to), (double)(position % to) / to);
            var first = Math.Max(0, whole - (int)reach);
            var last = Math.Min(samples.Length - 1, whole + (int)reach + 1);
            var sum = 0.0;
            for (var k = first; k <= last; k++)
            {
                sum += samples[k] * At(Math.Abs(k - whole - part) * cutoff);
            }

            converted[i] = (float)(sum * cutoff);
        }

        return converted;
    }

    private static double At(double crossings)
    {
        var step = crossings * Steps;
        var index = (int)step;
        return index + 1 < Filter.Length ? Filter[index] + ((Filter[index + 1] - Filter[index]) * (step - index)) : 0;
    }

    private static double[] MakeFilter()
    {
        var filter = new double[(Crossings * Steps) + 1];
        for (var i = 0; i < filter.Length; i++)
        {
            var x = (double)i / Steps;
            var sinc = i == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
            var edge = x / Crossings;
            filter[i] = sinc * Bessel(Beta * Math.Sqrt(Math.Max(0, 1 - (edge * edge)))) / Bessel(Beta);
        }

        return filter;
    }

    // The modified Bessel function of order 0.
    private static double Bessel(double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; term > sum * 1e-17; k++)
        {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }

        return sum;
    }
}
