using System.Globalization;

namespace SwarmPool.Programs.Reporting;

/// <summary>Times as people read them.</summary>
public static class Times
{
    private static readonly (long First, long Last) Calendar = (DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());

    /// <summary>"2026-11-23 10:08:22 UTC"; beyond the calendar, where a stranger's number may be, "unix 9007199254740991 ms".</summary>
    /// <param name="unixMilliseconds">The time.</param>
    public static string Utc(long unixMilliseconds) => IsInCalendar(unixMilliseconds)
        ? DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"unix {unixMilliseconds} ms");

    /// <summary>"12 s ago", "5 min ago", "3 h ago", else the time itself.</summary>
    public static string Ago(long unixMilliseconds, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (!IsInCalendar(unixMilliseconds))
        {
            return Utc(unixMilliseconds);
        }

        var age = time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds);
        return age.TotalSeconds < 120 ? $"{Math.Max(0, age.TotalSeconds):0} s ago"
            : age.TotalMinutes < 120 ? $"{age.TotalMinutes:0} min ago"
            : age.TotalHours < 48 ? $"{age.TotalHours:0} h ago"
            : Utc(unixMilliseconds);
    }

    /// <summary>"30 s", "5 min", "3 h": how long something takes.</summary>
    public static string Span(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{(span.TotalSeconds < 120 ? span.TotalSeconds : span.TotalMinutes < 120 ? span.TotalMinutes : span.TotalHours):0} {(span.TotalSeconds < 120 ? "s" : span.TotalMinutes < 120 ? "min" : "h")}");

    /// <summary>"2026-11-23T10:08:22Z", as <c>--since</c> takes it.</summary>
    /// <param name="unixMilliseconds">The time; beyond the calendar as <see cref="Utc"/> has it.</param>
    public static string Iso(long unixMilliseconds) => IsInCalendar(unixMilliseconds)
        ? DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : Utc(unixMilliseconds);

    private static bool IsInCalendar(long unixMilliseconds) => unixMilliseconds >= Calendar.First && unixMilliseconds <= Calendar.Last;
}
