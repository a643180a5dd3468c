using System.Diagnostics;
using System.Globalization;
using SwarmPool.RedisServers;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>
/// A leader and the server of its journal are killed and paused, in turn and together, while a standby daemon waits: no job is lost, none
/// is paid twice, and the pool goes on. SWARMPOOL_TAKEOVERS says how many times; SWARMPOOL_TAKEOVERS_CSV names a file for a row each.
/// </summary>
[Trait("Needs", "redis")]
public sealed class TakeOverTests(ITestOutputHelper output)
{
    private const int LeaseSeconds = 1;

    private static readonly int Times = int.Parse(Environment.GetEnvironmentVariable("SWARMPOOL_TAKEOVERS") ?? "10", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Leaders_and_their_store_fail_in_turn_and_no_job_is_lost_or_paid_twice()
    {
        await using var pool = (await RedisPool.InitAsync(RedisServer.Durable))
            .With("lease_seconds", LeaseSeconds.ToString(CultureInfo.InvariantCulture)).With("state_seconds", "1").With("claim_timeout_seconds", "5")
            .With("cool_down_seconds", "0").With("epoch_duration_seconds", "10").With("max_attempts", "100");
        await using var stage = await TakeOverStage.OpenAsync(pool, TimeSpan.FromSeconds(LeaseSeconds));
        var watch = Stopwatch.StartNew();
        var turns = new List<TakeOver>();
        var troubles = Enum.GetValues<Trouble>();
        while (turns.Count < Times)
        {
            turns.Add(await stage.SufferAsync(troubles[turns.Count % troubles.Length]));
        }

        await stage.EndAsync();
        Report(stage, turns, watch.Elapsed);
        await stage.Books.BalanceAsync(stage.Client);
        Assert.All(turns.Where(turn => turn.Trouble is Trouble.LeaderPaused or Trouble.Both), turn => Assert.Equal(9, turn.ExitCode));
    }

    private void Report(TakeOverStage stage, List<TakeOver> turns, TimeSpan took)
    {
        var books = stage.Books;
        var summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{turns.Count} troubles in {took.TotalSeconds:0} s, lease {LeaseSeconds} s: {books.State.Sequence} records, {books.State.Term} terms, {books.Decided} jobs decided and {stage.Client.Answered} answered; lost {books.Lost.Count()}, unanswered {stage.Client.Unanswered.Count()}, paid twice {books.PaidTwice}.");
        var table = TakeOverTable.Summary(turns, TimeSpan.FromSeconds(LeaseSeconds));
        output.WriteLine(summary);
        output.WriteLine(table);
        output.WriteLine(TakeOverTable.Csv(turns));
        if (Environment.GetEnvironmentVariable("SWARMPOOL_TAKEOVERS_CSV") is { Length: > 0 } path)
        {
            File.WriteAllText(path, TakeOverTable.Csv(turns));
        }
    }
}
