using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>What an answer's scores are worth, by what honest answers score in the same two classes.</summary>
internal static class ScoreGrades
{
    public const string Pass = "pass";
    public const string Grey = "grey";
    public const string Fail = "fail";

    /// <summary>Shorter answers are not failed by themselves, whatever they score.</summary>
    public const int LeastPositions = 32;

    /// <summary>The grade; null where no calibration says what the scores mean: another class is no verdict.</summary>
    public static string? Of(CheckSettings checks, string model, string? executor, CheckSnapshot check)
    {
        var checker = NumericClasses.Of(check.Class);
        if (checks.Calibrations?.FirstOrDefault(one => one.Model == model && NumericClasses.Of(one.Executor) == executor && NumericClasses.Of(one.Checker) == checker) is not { } calibration)
        {
            return null;
        }

        return calibration.Fail is { } fail && IsBeyond(fail, check) ? Fail : IsBeyond(calibration.Warn, check) ? Grey : Pass;
    }

    private static bool IsBeyond(ScoreLimits limits, CheckSnapshot check) =>
        check.MarginMicro > limits.MarginMicro
        || check.ExactWins * 1_000_000L < (long)limits.ExactPpm * check.Positions
        || check.TopDistanceMicro > limits.TopDistanceMicro;
}
