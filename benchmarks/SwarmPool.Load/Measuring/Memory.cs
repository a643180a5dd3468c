using System.Globalization;

namespace SwarmPool.Load.Measuring;

/// <summary>The process's resident memory.</summary>
internal static class Memory
{
    /// <summary>MiB now.</summary>
    public static double ResidentMiB => Status("VmRSS:");

    /// <summary>MiB at most so far.</summary>
    public static double PeakMiB => Status("VmHWM:");

    private static double Status(string field)
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(field, StringComparison.Ordinal))
            {
                return double.Parse(line.AsSpan(field.Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) / 1024;
            }
        }

        throw new InvalidOperationException($"/proc/self/status has no line {field}");
    }
}
