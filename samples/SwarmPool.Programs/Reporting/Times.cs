using System.Globalization;

namespace SwarmPool.Programs.Reporting;

/// <summary>Times as people read them.</summary>
public static class Times
{
    /// <summary>"2026-11-23 10:08:22 UTC".</summary>
    /// <param name="unixMilliseconds">The time.</param>
    public static string Utc(long unixMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>"12 s ago", "5 min ago", "3 h ago", else the time itself.</summary>
    public static string Ago(long unixMilliseconds, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var age = time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds);
        return age.TotalSeconds < 120 ? $"{Math.Max(0, age.TotalSeconds):0} s ago"
            : age.TotalMinutes < 120 ? $"{age.TotalMinutes:0} min ago"
            : age.TotalHours < 48 ? $"{age.TotalHours:0} h ago"
            : Utc(unixMilliseconds);
    }
}
