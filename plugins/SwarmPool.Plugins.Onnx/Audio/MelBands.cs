namespace SwarmPool.Plugins.Onnx.Audio;

/// <summary>Triangles over the frequencies, evenly spaced on the mel scale. Thread-safe.</summary>
/// <remarks>Source: M. Slaney, "Auditory Toolbox" (1998); HTK Book 3.4, section 5.4. As librosa.filters.mel has them.</remarks>
internal sealed class MelBands
{
    private readonly (int First, double[] Weights)[] bands;

    public MelBands(int rate, int size, int count, double lowest, double highest, bool isHtk, bool isNormed)
    {
        var (from, to) = (ToMel(lowest, isHtk), ToMel(highest, isHtk));
        var edges = Enumerable.Range(0, count + 2).Select(i => ToHertz(from + ((to - from) * i / (count + 1)), isHtk)).ToArray();
        bands = new (int First, double[] Weights)[count];
        for (var band = 0; band < count; band++)
        {
            var (left, middle, right) = (edges[band], edges[band + 1], edges[band + 2]);
            var weights = Enumerable.Range(0, (size / 2) + 1).Select(k =>
            {
                var hertz = (double)k * rate / size;
                var weight = Math.Max(0, Math.Min((hertz - left) / (middle - left), (right - hertz) / (right - middle)));
                return isNormed ? weight * 2 / (right - left) : weight;
            }).ToArray();
            var first = Array.FindIndex(weights, static weight => weight > 0);
            bands[band] = first < 0 ? (0, []) : (first, weights[first..(Array.FindLastIndex(weights, static weight => weight > 0) + 1)]);
        }
    }

    public int Count => bands.Length;

    public double Sum(int band, double[] power)
    {
        var (first, weights) = bands[band];
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * power[first + i];
        }

        return sum;
    }

    private static double ToMel(double hertz, bool isHtk) =>
        isHtk ? 2595 * Math.Log10(1 + (hertz / 700))
        : hertz < 1000 ? hertz * 3 / 200
        : 15 + (Math.Log(hertz / 1000) / (Math.Log(6.4) / 27));

    private static double ToHertz(double mel, bool isHtk) =>
        isHtk ? 700 * (Math.Pow(10, mel / 2595) - 1)
        : mel < 15 ? mel * 200 / 3
        : 1000 * Math.Exp((mel - 15) * (Math.Log(6.4) / 27));
}
