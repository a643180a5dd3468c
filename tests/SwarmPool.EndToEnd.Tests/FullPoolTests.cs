namespace SwarmPool.EndToEnd.Tests;

/// <summary>The whole composition by the script that a user runs: a chain, Redis, IPFS nodes, two daemons, three miners and two clients.</summary>
public sealed class FullPoolTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("swarmpool-full-");

    [Fact]
    public async Task Fifty_jobs_survive_the_death_of_the_leader_and_of_a_miner_and_every_payout_is_recomputed()
    {
        await using var script = Run();
        Assert.True(await script.EndsAsync(TimeSpan.FromSeconds(600)) == 0, string.Join('\n', script.Lines));
        string[] said =
        [
            "the leader is killed (-9)", "the standby leads", "miner bob is killed (-9)", "✓ 50 of 50 jobs answered", "✓ each job has one proof of its own",
            "✓ journal verify:", "✓ client audit:", "✓ every name still", "✓ all payouts are 5.001275 USDC, all prices 5.001275", "✓ the standby leads: term 2",
        ];
        foreach (var words in said)
        {
            Assert.Contains(script.Lines, line => line.Contains(words, StringComparison.Ordinal));
        }

        Assert.Empty(Left());
    }

    [Fact]
    public async Task An_interrupted_run_ends_with_its_own_code_and_leaves_nothing_behind()
    {
        await using var script = Run();
        await script.SaysAsync(TimeSpan.FromSeconds(300), "names:");
        Assert.NotEmpty(Left());
        script.Interrupt();
        Assert.Equal(130, await script.EndsAsync(TimeSpan.FromSeconds(120)));
        Assert.Empty(Left());
        Assert.Empty(folder.GetDirectories("tmp.*"));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private RunningProgram Run() => RunningProgram.StartFile(
        "bash",
        RunningProgram.Repository,
        new Dictionary<string, string> { ["SWARMPOOL_CONFIGURATION"] = RunningProgram.Configuration, ["TMPDIR"] = folder.FullName },
        Path.Combine(RunningProgram.Repository, "samples", "full-pool", "run.sh"),
        "--no-build");

    /// <summary>The processes that name our folder, on their command line or as their current one.</summary>
    private List<string> Left() => [.. Directory.EnumerateDirectories("/proc").Where(process => char.IsDigit(Path.GetFileName(process)[0])).Where(IsOurs)];

    private bool IsOurs(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Contains(folder.FullName, StringComparison.Ordinal)
                || new DirectoryInfo(Path.Combine(process, "cwd")).LinkTarget?.StartsWith(folder.FullName, StringComparison.Ordinal) == true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It has ended meanwhile, or is another user's.
        }
    }
}
