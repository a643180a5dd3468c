using SwarmPool.Core.Pool;

namespace SwarmPool.Runtime.Verification;

/// <summary>Makes limits of the scores of honest answers, for one model, one class of executors and one of checkers.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class ScoreCalibrator
{
    private readonly List<long> margins = [];
    private readonly List<long> inexact = [];
    private readonly List<long> distances = [];

    /// <summary>How many answers were added.</summary>
    public int Answers => margins.Count;

    /// <summary>Adds an honest answer's scores.</summary>
    public void Add(CheckScores scores)
    {
        margins.Add(scores.MarginMicro);
        inexact.Add(1_000_000 - scores.ExactPpm);
        distances.Add(scores.TopDistanceMicro);
    }

    /// <summary>The limits; without one to fail by when there were too few answers.</summary>
    /// <exception cref="InvalidOperationException">There was none.</exception>
    public ScoreCalibration Calibrate(string model, Inference.NumericClass executor, Inference.NumericClass checker)
    {
        if (Answers == 0)
        {
            throw new InvalidOperationException("There is nothing to calibrate by.");
        }

        long[][] sorted = [[.. margins.Order()], [.. inexact.Order()], [.. distances.Order()]];
        return new ScoreCalibration(
            model,
            executor,
            checker,
            Answers,
            Limits([.. sorted.Select(static scores => ScoreQuantiles.Warn(scores))]),
            Answers < ScoreCalibration.LeastAnswers ? null : Limits([.. sorted.Select(static scores => ScoreQuantiles.Fail(scores)!.Value)]));
    }

    private static ScoreLimits Limits(long[] most) => new(most[0], (int)(1_000_000 - most[1]), most[2]);
}
