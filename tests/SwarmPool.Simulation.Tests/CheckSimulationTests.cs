using SwarmPool.Simulation.Checking;

namespace SwarmPool.Simulation.Tests;

/// <summary>The rules of checks against miners that lie, copy, slander, withhold and have two names: 150 schedules; 5,000 under SWARMPOOL_FULL=1.</summary>
public sealed class CheckSimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_schedule_ends_with_all_jobs_done_nobody_honest_found_wrong_and_no_refused_work_paid()
    {
        var count = Environment.GetEnvironmentVariable("SWARMPOOL_FULL") == "1" ? 5_000UL : 150UL;
        var (problems, seen) = CheckRuns.Run(1, count);
        Assert.Empty(problems);

        // What is tried has to happen for the checks to mean anything.
        string[] wanted =
        [
            "DrawOpened", "ProofCommitted", "RevealAsked", "CheckAssigned", "CheckPostponed", "CheckEnded", "CheckProved", "CheckScored", "ScoreJudged", "CheckDecided", "WorkRefused",
            "JobDecided", "LeaseEnded", "JobRequeued", "JobFailed",
        ];
        Assert.Empty(wanted.Except(seen));
    }

    [Fact]
    public void A_seed_gives_the_same_schedule_again() => Assert.Equal(CheckRuns.Run(3, 2).Seen.Order(StringComparer.Ordinal), CheckRuns.Run(3, 2).Seen.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_planted_bug_is_found()
    {
        CheckBug[] bugs = [.. Enum.GetValues<CheckBug>().Where(static bug => bug != CheckBug.None)];
        Assert.True(bugs.Length >= 12);
        var missed = new List<CheckBug>();
        foreach (var bug in bugs)
        {
            var (schedule, problem) = CheckRuns.Hunt(bug, most: 100);
            output.WriteLine($"{bug}: schedule {schedule}, {problem}");
            if (schedule == 0)
            {
                missed.Add(bug);
            }
        }

        Assert.Empty(missed);
    }
}
