using System.Globalization;
using System.Text.Json;
using SwarmPool.Runtime.Daemon.Observing;

namespace SwarmPool.Programs.Daemon.Screens;

/// <summary>What is said of a clock that jumped.</summary>
internal static class ClockText
{
    /// <summary>The phase for machines, e.g. "gone_back".</summary>
    public static string Word(ClockJumpPhase phase) => JsonNamingPolicy.SnakeCaseLower.ConvertName(phase.ToString());

    /// <summary>For people.</summary>
    public static string Of(TimeSpan by, ClockJumpPhase phase)
    {
        var off = $"{Length(by)} {(by > TimeSpan.Zero ? "ahead" : "back")}";
        return phase switch
        {
            ClockJumpPhase.Noticed => $"this machine's clock jumped {off}; {(by > TimeSpan.Zero ? "nothing is decided until it is back or has stayed there" : "the pool goes on by the time that has passed")}",
            ClockJumpPhase.GoneBack => $"this machine's clock is right again; it was {off}, which had no effect",
            ClockJumpPhase.Accepted => $"this machine's clock stayed {off}; the pool goes by it{(by > TimeSpan.Zero ? "" : ", at half speed until it has caught up")}",
            _ => $"this machine's clock is {Length(by)} behind the last record; the pool's time goes on at half speed until it has caught up, and jobs need deadlines beyond that",
        };
    }

    private static string Length(TimeSpan by)
    {
        var length = by.Duration();
        return length < TimeSpan.FromMinutes(2) ? string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds:0.#} s")
            : length < TimeSpan.FromHours(2) ? string.Create(CultureInfo.InvariantCulture, $"{length.TotalMinutes:0.#} min")
            : string.Create(CultureInfo.InvariantCulture, $"{length.TotalHours:0.#} h");
    }
}
