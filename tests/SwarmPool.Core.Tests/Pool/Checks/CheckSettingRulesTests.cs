using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Checks;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Tests.Pool.Checks;

public sealed class CheckSettingRulesTests
{
    [Fact]
    public void The_defaults_can_work() => Assert.Empty(Problems(static checks => checks));

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var problems = Problems(static checks => checks with
        {
            LeastPpm = 0,
            NewcomerJobs = 0,
            HoldEpochs = -1,
            FeePpm = 250_001,
            DetectionPpm = 0,
            RevealMs = 999,
            DecoyPpm = -1,
            FlagMilliNats = 0,
        });
        Assert.Equal(
            ["least_ppm", "newcomer_jobs", "hold_epochs", "fee_ppm", "detection_ppm", "reveal_ms", "decoy_ppm", "flag_milli_nats"], problems.Select(static problem => problem.Split(' ')[0]));
    }

    [Theory]
    [InlineData(100_000, 100_000)]
    [InlineData(100_000, 20_000)]
    [InlineData(0, 100_000)]
    [InlineData(20_000, 0)]
    [InlineData(20_000, 1_000_000)]
    [InlineData(1_000_000, 100_000)]
    public void A_test_that_can_tell_nothing_does_not_start(int p0, int p1) => Assert.NotEmpty(Problems(checks => checks with { P0Ppm = p0, P1Ppm = p1 }));

    [Fact]
    public void A_pool_where_cheating_would_cost_nothing_does_not_start()
    {
        Assert.Contains("nothing to lose", Assert.Single(Problems(static checks => checks with { HoldEpochs = 0 })), StringComparison.Ordinal);
        Assert.Empty(Problems(static checks => checks with { HoldEpochs = 0 }, static settings => settings with { MinMinerStake = Usdc.Parse("10") }));
    }

    [Fact]
    public void Calibrations_that_nothing_reads_and_scores_that_mean_nothing_do_not_start()
    {
        ScoreCalibration calibration = new("m", CheckBench.Class, CheckBench.Class, 100, new ScoreLimits(1, 1, 1));
        CheckKind scored = new("text", CheckKinds.Score);
        Assert.Single(Problems(checks => checks with { Calibrations = [calibration] }));
        Assert.Single(Problems(checks => checks with { Kinds = [scored] }));
        Assert.Empty(Problems(checks => checks with { Kinds = [scored], Calibrations = [calibration] }));
        Assert.Single(Problems(checks => checks with { Kinds = [scored], Calibrations = [calibration with { Fail = new ScoreLimits(2, 0, 2) }] }));
        Assert.Empty(Problems(checks => checks with { Kinds = [scored], Calibrations = [calibration with { Answers = 3_000, Fail = new ScoreLimits(2, 0, 2) }] }));
        Assert.Single(Problems(checks => checks with { Kinds = [scored, new CheckKind("image", "look")], Calibrations = [calibration] }));
    }

    [Fact]
    public void A_verifier_that_asks_for_replicas_itself_does_not_go_with_checks() =>
        Assert.Single(Problems(static checks => checks, static settings => settings with { Verifier = "other", VerifierMayAsk = true }));

    [Fact]
    public void A_pool_with_such_settings_refuses_to_start_and_one_that_checks_does_not_stop_checking()
    {
        var bench = new CheckBench();
        var settings = bench.Pool.Settings;
        Bench.Refused(ErrorCodes.ChecksImpossible, bench.Pool.Send(new StartedInput(2, settings with { Checks = new CheckSettings { LeastPpm = 0 } })));
        Bench.Refused(ErrorCodes.ChecksImpossible, bench.Pool.Send(new StartedInput(2, settings with { Checks = null })));
        Bench.Accepted(bench.Pool.Send(new StartedInput(2, settings with { Checks = new CheckSettings { LeastPpm = 60_000 } })));
    }

    [Fact]
    public void Without_them_no_epoch_takes_up_rules_3()
    {
        var bench = new Bench(Bench.DefaultSettings with { Rules = PoolSettings.NewestRules });
        Assert.Equal((2, null), (bench.State.Rules, bench.State.Checks));
        Assert.Equal(DecisionKind.Nothing, bench.Send(new DrawInput(), new PoolFacts { Draw = new DrawFact(CheckBench.Secret) }).Kind);
        Bench.Accepted(bench.Send(new StartedInput(2, bench.Settings with { Checks = new CheckSettings() })));
        Assert.Null(bench.State.Checks);
        Bench.Accepted(bench.Send(new EpochEndInput()));
        Assert.Equal(3, bench.State.Rules);
        Assert.NotNull(bench.State.Checks);
    }

    private static IReadOnlyList<string> Problems(Func<CheckSettings, CheckSettings> change, Func<PoolSettings, PoolSettings>? others = null)
    {
        var settings = Bench.DefaultSettings with { Checks = change(new CheckSettings()) };
        return CheckSettingRules.Problems(others?.Invoke(settings) ?? settings);
    }
}
