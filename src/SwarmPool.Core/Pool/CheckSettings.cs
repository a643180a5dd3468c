using SwarmPool.Inference;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool;

/// <summary>How work is checked. Shares are parts of a million.</summary>
internal sealed record CheckSettings
{
    /// <summary>The least share of a payee's jobs that is drawn for a check.</summary>
    public int LeastPpm { get; init; } = 50_000;

    /// <summary>A payee's first jobs of a model that are all drawn; the share then falls as this / (this + jobs since).</summary>
    public int NewcomerJobs { get; init; } = 20;

    /// <summary>The most epochs that work can be held: whoever audits keeps what is held.</summary>
    public const int MostHoldEpochs = 1_000;

    /// <summary>The most of a job's cost, in millionths, that a check of it gets, and all of its checks together: what operations get of it by 75/25.</summary>
    public const int MostFeePpm = 250_000;

    /// <summary>How many epochs work is held before it is paid; 0: it is paid in its own.</summary>
    public int HoldEpochs { get; init; } = 2;

    /// <summary>What a check is worth, as a share of the job's price.</summary>
    public int FeePpm { get; init; } = 100_000;

    /// <summary>How many of the wrong answers that are checked are found: what the price of a job is weighed by against what would be lost.</summary>
    public int DetectionPpm { get; init; } = 1_000_000;

    /// <summary>How long a miner has to show what it committed to.</summary>
    public long RevealMs { get; init; } = 30_000;

    /// <summary>The share of jobs that are drawn to check checkers by.</summary>
    public int DecoyPpm { get; init; } = 20_000;

    /// <summary>How many of an honest miner's scored answers fail.</summary>
    public int P0Ppm { get; init; } = 20_000;

    /// <summary>How many of a dishonest miner's scored answers fail, at least.</summary>
    public int P1Ppm { get; init; } = 100_000;

    /// <summary>At this much evidence, in thousandths of a nat, a payee's work with a model counts as found wrong.</summary>
    public int FlagMilliNats { get; init; } = 13_800;

    /// <summary>
    /// Whose word on which outputs agree counts where they differ in bytes (<see cref="AgreementFact"/>); null: they agree when they are the same bytes.
    /// </summary>
    public string? Comparer { get; init; }

    /// <summary>"run" or "score" (<see cref="CheckKinds"/>), by job type; a type that is not listed is checked by running it again. Null: none is listed.</summary>
    public IReadOnlyList<CheckKind>? Kinds { get; init; }

    /// <summary>What scores mean; null: no score says anything but for people.</summary>
    public IReadOnlyList<ScoreCalibration>? Calibrations { get; init; }
}

/// <summary>How jobs of a type are checked.</summary>
/// <param name="JobType">The type.</param>
/// <param name="Kind">One of <see cref="CheckKinds"/>.</param>
internal sealed record CheckKind(string JobType, string Kind);

/// <summary>What the scores of honest answers are, for one model, one class of executors and one of checkers.</summary>
/// <param name="Model">The model: the pack's CID where the pool binds one.</param>
/// <param name="Executor">What the answers were made with.</param>
/// <param name="Checker">What they were checked with.</param>
/// <param name="Answers">How many honest answers it is from.</param>
/// <param name="Warn">The honest 99 %: beyond, another check is asked for.</param>
/// <param name="Fail">The upper limit (95 %) of the honest 99.9 %: beyond, the answer fails. Null with fewer than <see cref="LeastAnswers"/>.</param>
internal sealed record ScoreCalibration(string Model, NumericClass Executor, NumericClass Checker, int Answers, ScoreLimits Warn, ScoreLimits? Fail = null)
{
    /// <summary>Fewer honest answers than this give no limit to fail by.</summary>
    public const int LeastAnswers = 3_000;
}

/// <summary>Limits of an answer's scores. It is beyond when one of them is passed.</summary>
/// <param name="MarginMicro">The largest clipped mean margin, in millionths.</param>
/// <param name="ExactPpm">The least share of exact wins.</param>
/// <param name="TopDistanceMicro">The largest distance of the top lists, in millionths.</param>
internal sealed record ScoreLimits(long MarginMicro, int ExactPpm, long TopDistanceMicro);
