using System.Diagnostics;
using System.Globalization;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>
/// Daemon, miners and client are killed with SIGKILL in mid-run, in turn: no accepted job is lost, none is paid twice, and
/// every client's successor gets the answers. SWARMPOOL_KILLS says how many kills; SWARMPOOL_KILLS_CSV names a file for a row each.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("SWARMPOOL_KILLS") ?? "10", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Killed_in_turn_with_claims_live_and_appends_in_flight_they_lose_no_job_and_pay_none_twice()
    {
        using var folder = await PoolFolder.InitAsync(
            ("state_seconds", "1"), ("claim_timeout_seconds", "3"), ("cool_down_seconds", "0"), ("epoch_duration_seconds", "10"), ("max_attempts", "100"));
        await using var stage = await KillStage.OpenAsync(folder);
        var watch = Stopwatch.StartNew();
        var kills = new List<KillPosition>();

        // On a busy machine the burst may be written by the time that the kill comes: then there are more kills, not fewer of this kind.
        for (var turn = 0; kills.Count < Kills || kills.Count(kill => kill.InFlight) < Kills / 2; turn++)
        {
            Assert.True(turn < Kills * 3, $"of {turn} kills {kills.Count} met a live claim, and {kills.Count(kill => kill.InFlight)} of those an append in flight");
            var position = await stage.KillAsync(turn);
            if (position.Claimed > 0)
            {
                kills.Add(position);
            }
        }

        await stage.EndAsync();
        Report(stage, kills, watch.Elapsed);
        Assert.Empty(stage.Books.Lost);
        Assert.Equal(0, stage.Books.PaidTwice);
        Assert.Equal(stage.Books.AcceptedMicro, stage.Books.PaidMicro);
        Assert.Empty(stage.Unanswered);
        Assert.Empty(stage.Forgotten);
        var audit = await stage.Books.AuditAsync();
        Assert.True(audit.IsRight, string.Join('\n', audit.Differences));
    }

    private void Report(KillStage stage, List<KillPosition> kills, TimeSpan took)
    {
        var books = stage.Books;
        var summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{kills.Count} kills ({string.Join(", ", kills.CountBy(k => k.Victim).Select(v => $"{v.Key} {v.Value}"))}) in {took.TotalSeconds:0} s: {books.State.Sequence} records, "
            + $"{books.Decided} jobs decided and {books.Cancelled} taken back, {stage.Sent} sent and {stage.Answered} answered as the clients knew; lost {books.Lost.Count()}, unanswered {stage.Unanswered.Count()}, paid twice {books.PaidTwice}; "
            + $"an append in flight at {kills.Count(k => k.InFlight)} kills, cut off at {kills.Count(k => k.Torn > 0)}.");
        output.WriteLine(summary);
        output.WriteLine(KillTable.Histogram(kills));
        output.WriteLine(KillTable.Csv(kills));
        if (Environment.GetEnvironmentVariable("SWARMPOOL_KILLS_CSV") is { Length: > 0 } path)
        {
            File.WriteAllText(path, KillTable.Csv(kills));
        }
    }
}
