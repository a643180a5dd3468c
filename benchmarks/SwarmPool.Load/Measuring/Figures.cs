namespace SwarmPool.Load.Measuring;

/// <summary>Medians and percentiles.</summary>
internal static class Figures
{
    public static double Percentile(IReadOnlyCollection<double> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))];
    }

    public static double Median(IReadOnlyCollection<double> values) => Percentile(values, 0.5);
}
