using System.Diagnostics;

namespace SwarmPool.Tools.Adversaries;

/// <summary>Plays each adversary against each policy and writes a row of what came of it.</summary>
internal static class Table
{
    public static int Write(TextWriter table, TextWriter progress, int jobs, string? only)
    {
        var clock = Stopwatch.StartNew();
        var chosen = Adversary.All.Where(one => only is null || one.Name == only).ToList();
        if (chosen.Count == 0)
        {
            progress.WriteLine($"There is no adversary \"{only}\": {string.Join("; ", Adversary.All.Select(static one => one.Name))}.");
            return 2;
        }

        table.WriteLine("| adversary | policy | wrong answers accepted | of them paid | extra runs a job | flagged after jobs: mean, 95 %, never | ahead of an honest miner, in prices of a job: mean a life, lives ahead | right answers refused; honest flagged, a job |");
        table.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var adversary in chosen)
        {
            foreach (var policy in Policy.All.Where(policy => adversary.IsPlayedWith(policy)))
            {
                table.WriteLine(Row(adversary, policy, jobs));
                table.Flush();
                progress.WriteLine(FormattableString.Invariant($"{clock.Elapsed.TotalSeconds:F0} s: {adversary.Name}, {policy.Name}"));
            }
        }

        return 0;
    }

    /// <summary>One row.</summary>
    public static string Row(Adversary adversary, Policy policy, int jobs)
    {
        var outcome = Outcome.Of(adversary, policy, jobs);
        var tally = outcome.Tally;
        var isLiar = adversary.LiesPpm > 0;
        return FormattableString.Invariant(
            $"| {adversary.Name} | {policy.Name} | {Share(tally.WrongAccepted, tally.WrongGiven)} | {Share(tally.WrongPaid, tally.WrongGiven)} | {outcome.Cost:F3} | {outcome.Flags} | {outcome.Ahead:F1}; {outcome.LivesAhead:P1} | {Share(tally.RightRefused, tally.Jobs)}; {(isLiar ? "–" : Rate(tally.Struck, tally.Jobs))} |");
    }

    private static string Share(long part, long whole) => whole == 0 ? "–" : FormattableString.Invariant($"{100.0 * part / whole:F3} %");

    private static string Rate(long part, long whole) => part == 0 ? FormattableString.Invariant($"0 of {whole}") : FormattableString.Invariant($"{(double)part / whole:E1}");
}

/// <summary>What came of an adversary's lives.</summary>
internal sealed class Outcome
{
    private readonly List<int> flagged = [];
    private int lives;
    private int ahead;
    private double sum;

    public required Tally Tally { get; init; }

    /// <summary>Checks and repetitions for each job.</summary>
    public double Cost => (double)(Tally.Checks + Tally.Redone) / Tally.Jobs;

    public double Ahead => sum / lives;

    public double LivesAhead => (double)ahead / lives;

    /// <summary>Lives in which the payee was found wrong within so many jobs, as a part of all.</summary>
    public double FlaggedWithin(int most) => (double)flagged.Count(one => one <= most) / lives;

    public string Flags => flagged.Count == 0
        ? "never"
        : FormattableString.Invariant($"{flagged.Average():F1}, {flagged.Order().ElementAt((int)(0.95 * (flagged.Count - 1)))}, {100.0 * (lives - flagged.Count) / lives:F1} %");

    /// <summary>Lives one after the other, each of a newcomer in a new pool, until so many jobs were played. An honest pool's has no end: its miners are known.</summary>
    public static Outcome Of(Adversary adversary, Policy policy, int jobs)
    {
        var isAdversary = adversary.LiesPpm > 0 || adversary.Copies || adversary.FailsFast || adversary.Checker != CheckerKind.Honest;
        var life = isAdversary ? adversary : adversary with { Horizon = jobs };
        var outcome = new Outcome { Tally = new Tally() };
        while (outcome.Tally.Jobs < jobs)
        {
            var seed = (ulong)outcome.lives + 1;
            var (found, better) = Life.Play(new PoolGame(policy, life, outcome.Tally, seed), outcome.Tally, life, new Dice(~seed));
            outcome.lives++;
            outcome.sum += better;
            outcome.ahead += better > 0 ? 1 : 0;
            if (found is { } after)
            {
                outcome.flagged.Add(after);
            }
        }

        return outcome;
    }
}
