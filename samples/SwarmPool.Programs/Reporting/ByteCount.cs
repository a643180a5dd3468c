namespace SwarmPool.Programs.Reporting;

/// <summary>Amounts of data as people read them.</summary>
public static class ByteCount
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>"812 B", "30.8 kB", "4.1 GB": thousands, as disks are sold.</summary>
    /// <param name="bytes">How many, 0 or more.</param>
    public static string Of(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 999.95 && unit < Units.Length - 1; unit++)
        {
            value /= 1000;
        }

        return unit == 0 ? FormattableString.Invariant($"{bytes} B") : FormattableString.Invariant($"{value:0.0} {Units[unit]}");
    }
}
