using System.Globalization;
using System.Text;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>What befalls a pool with a standby daemon.</summary>
internal enum Trouble
{
    /// <summary>The leader is killed with SIGKILL.</summary>
    LeaderKilled = 0,

    /// <summary>The leader stands still for longer than its lease, and then goes on.</summary>
    LeaderPaused,

    /// <summary>The journal's server is killed, and started again.</summary>
    ServerKilled,

    /// <summary>The journal's server stands still for longer than the lease, and then goes on.</summary>
    ServerPaused,

    /// <summary>The leader stands still while the server is killed and started again.</summary>
    Both,
}

/// <summary>What came of a trouble.</summary>
/// <param name="Trouble">What it was.</param>
/// <param name="Records">Records in the journal when it came.</param>
/// <param name="Claimed">Jobs with a live claim then.</param>
/// <param name="Took">From the trouble, or for the server's from when it answers again, until a new term has begun; null where the leader kept the lead.</param>
/// <param name="ExitCode">What the old leader ended with; null where it did not end.</param>
internal sealed record TakeOver(Trouble Trouble, long Records, long Claimed, TimeSpan? Took, int? ExitCode);

/// <summary>The troubles of a run: a summary for people, and the rows as CSV.</summary>
internal static class TakeOverTable
{
    public static string Summary(IReadOnlyList<TakeOver> all, TimeSpan lease)
    {
        var text = new StringBuilder("| trouble | times | lead kept | lead taken over | median | 90 % | longest | longest / lease | the old leader's exit codes |\n|---|---:|---:|---:|---:|---:|---:|---:|---|\n");
        foreach (var of in all.GroupBy(one => one.Trouble).OrderBy(one => one.Key))
        {
            var took = of.Where(one => one.Took is not null).Select(one => one.Took!.Value.TotalSeconds).Order().ToArray();
            var codes = of.CountBy(one => one.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "none").Select(code => string.Create(CultureInfo.InvariantCulture, $"{code.Key} ({code.Value})"));
            text.Append(CultureInfo.InvariantCulture, $"| {Name(of.Key)} | {of.Count()} | {of.Count() - took.Length} | {took.Length} | {Of(took, 0.5)} | {Of(took, 0.9)} | {Of(took, 1)} | ");
            text.Append(CultureInfo.InvariantCulture, $"{(took.Length > 0 ? (took[^1] / lease.TotalSeconds).ToString("0.00", CultureInfo.InvariantCulture) : "")} | {string.Join(", ", codes)} |\n");
        }

        return text.ToString();
    }

    /// <summary>Every trouble, as CSV.</summary>
    public static string Csv(IReadOnlyList<TakeOver> all)
    {
        var text = new StringBuilder("turn,trouble,records,claimed,taken_over_after_seconds,exit_code\n");
        for (var i = 0; i < all.Count; i++)
        {
            var one = all[i];
            text.Append(CultureInfo.InvariantCulture, $"{i + 1},\"{Name(one.Trouble)}\",{one.Records},{one.Claimed},{one.Took?.TotalSeconds:0.00},{one.ExitCode}\n");
        }

        return text.ToString();
    }

    private static string Of(double[] sorted, double share) =>
        sorted.Length == 0 ? "" : Seconds(sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(sorted.Length * share) - 1)]);

    private static string Seconds(double seconds) => seconds.ToString("0.00 's'", CultureInfo.InvariantCulture);

    private static string Name(Trouble trouble) => trouble switch
    {
        Trouble.LeaderKilled => "leader killed",
        Trouble.LeaderPaused => "leader paused",
        Trouble.ServerKilled => "server killed",
        Trouble.ServerPaused => "server paused",
        _ => "leader paused, server killed",
    };
}
