using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>Which settings of checks can work. A pool whose checks can't make cheating lose does not start.</summary>
internal static class CheckSettingRules
{
    private const int All = 1_000_000;

    /// <summary>All that is wrong, as sentences; empty when nothing is, or nothing is checked.</summary>
    public static IReadOnlyList<string> Problems(PoolSettings settings)
    {
        if (settings.Checks is not { } checks)
        {
            return [];
        }

        List<string> problems = [];
        Range("least_ppm", checks.LeastPpm, 1, All, "with none drawn nobody who is known is ever checked");
        Range("newcomer_jobs", checks.NewcomerJobs, 1, 1_000_000, "a newcomer needs to be checked");
        Range("hold_epochs", checks.HoldEpochs, 0, 1_000, "it is how many epochs work is held");
        Range("fee_ppm", checks.FeePpm, 0, All / 4, "checks are paid from the operations' part, which is a quarter");
        Range("detection_ppm", checks.DetectionPpm, 1, All, "a check that finds nothing deters nobody");
        Range("reveal_ms", checks.RevealMs, 1_000, 3_600_000, "a miner needs time to show its answer, and others wait for it");
        Range("decoy_ppm", checks.DecoyPpm, 0, All, "it is a share of a million");
        Range("p0_ppm", checks.P0Ppm, 1, All - 1, "an honest miner's answers fail sometimes, and not always");
        Range("p1_ppm", checks.P1Ppm, 1, All - 1, "a dishonest miner's answers fail sometimes, and not always");
        Range("flag_milli_nats", checks.FlagMilliNats, 1, All, "it is how much evidence a flag needs");
        Add(checks.P0Ppm >= checks.P1Ppm, $"p0_ppm ({checks.P0Ppm}) needs to be less than p1_ppm ({checks.P1Ppm}): else the test can't tell an honest miner from a dishonest one");
        Add(checks.HoldEpochs == 0 && settings.MinMinerStake == Usdc.Zero, "hold_epochs is 0 and no stake is asked for: whoever is caught would have nothing to lose");
        Add(settings.VerifierMayAsk == true, $"the verifier '{settings.Verifier}' asks for replicas by itself, which would see the first answer: with checks the draw asks");
        var scored = (checks.Kinds ?? []).Any(static one => one.Kind == CheckKinds.Score);
        Add((checks.Calibrations?.Count > 0) != scored, scored
            ? "some job type is checked by scores and no calibration says what they mean"
            : "there are calibrations and no job type is checked by scores: nothing reads them");
        Add(checks.Kinds?.Any(static one => one.Kind is not (CheckKinds.Run or CheckKinds.Score)) == true, "a job type is checked by \"run\" or \"score\"");
        foreach (var one in checks.Calibrations ?? [])
        {
            Add(one.Fail is not null && one.Answers < ScoreCalibration.LeastAnswers, $"the calibration of {one.Model} fails answers and is made of {one.Answers} honest ones: {ScoreCalibration.LeastAnswers} are needed, fewer may only warn");
        }

        return problems;

        void Add(bool isSo, string problem)
        {
            if (isSo)
            {
                problems.Add(problem);
            }
        }

        void Range(string name, long value, long least, long most, string why) => Add(value < least || value > most, FormattableString.Invariant($"{name} is {value} and needs to be {least} to {most}: {why}"));
    }

    /// <summary>Why a daemon can't start with these settings; null when it can.</summary>
    public static Decision? Refused(PoolState state, PoolSettings settings)
    {
        if (state.Rules > 2 && settings.Checks is null)
        {
            return Decision.Refuse(ErrorCodes.ChecksImpossible, "This pool checks work, and holds what was earned by that: it can't stop checking. Keep the section \"checks\".");
        }

        var problems = Problems(settings);
        return problems.Count == 0 ? null : Decision.Refuse(ErrorCodes.ChecksImpossible, $"The checks can't work: {string.Join("; ", problems)}.");
    }
}
