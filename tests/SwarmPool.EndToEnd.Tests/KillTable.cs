using System.Globalization;
using System.Text;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>Where everything stood at a kill.</summary>
/// <param name="Victim">Who was killed.</param>
/// <param name="Records">Records in the journal.</param>
/// <param name="Pending">Jobs that wait for a miner.</param>
/// <param name="Claimed">Jobs with a live claim.</param>
/// <param name="Unsaid">Records that are durable and were not announced yet, or not known to be.</param>
/// <param name="Unheard">Jobs that the client had sent and the journal did not hold yet.</param>
/// <param name="Torn">Frames of an append that was cut off by the kill.</param>
internal sealed record KillPosition(string Victim, long Records, long Pending, long Claimed, long Unsaid, int Unheard, int Torn)
{
    /// <summary>An append was in flight: cut off, or durable and not acknowledged, or with its input still on the way.</summary>
    public bool InFlight => Unsaid > 0 || Unheard > 0 || Torn > 0;
}

/// <summary>The kills of a run: a summary for people, and the rows as CSV.</summary>
internal static class KillTable
{
    public static string Histogram(IReadOnlyList<KillPosition> kills)
    {
        var text = new StringBuilder("| at the kill | " + string.Join(" | ", Bins.Select(b => b.Name)) + " |\n|---|" + string.Concat(Enumerable.Repeat("---:|", Bins.Length)) + "\n");
        Row("jobs pending", k => k.Pending);
        Row("jobs with a live claim", k => k.Claimed);
        Row("records durable and not yet announced", k => k.Unsaid);
        Row("jobs sent and not yet in the journal", k => k.Unheard);
        Row("frames of an append cut off by the kill", k => k.Torn);
        return text.ToString();

        void Row(string what, Func<KillPosition, long> of) => text.Append(CultureInfo.InvariantCulture, $"| {what} | {string.Join(" | ", Bins.Select(b => kills.Count(k => of(k) >= b.From && of(k) <= b.To)))} |\n");
    }

    /// <summary>Every kill, as CSV.</summary>
    public static string Csv(IReadOnlyList<KillPosition> kills)
    {
        var text = new StringBuilder("kill,victim,records,pending,claimed,unannounced,not_yet_recorded,torn_frames\n");
        for (var i = 0; i < kills.Count; i++)
        {
            var k = kills[i];
            text.Append(CultureInfo.InvariantCulture, $"{i + 1},{k.Victim},{k.Records},{k.Pending},{k.Claimed},{k.Unsaid},{k.Unheard},{k.Torn}\n");
        }

        return text.ToString();
    }

    private static (string Name, long From, long To)[] Bins { get; } =
        [("0", 0, 0), ("1", 1, 1), ("2–4", 2, 4), ("5–8", 5, 8), ("9–16", 9, 16), ("17–32", 17, 32), ("more", 33, long.MaxValue)];
}
