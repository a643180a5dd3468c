using System.Globalization;

namespace SwarmPool.Programs.Reporting;

/// <summary>Numbers of things as people read them.</summary>
public static class Counted
{
    /// <summary>"1 job", "2 jobs".</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">One of them.</param>
    public static string Of(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
