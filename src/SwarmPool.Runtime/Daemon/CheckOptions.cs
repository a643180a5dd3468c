using Microsoft.Extensions.Configuration;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon;

/// <summary>How a pool checks its miners' work: the section <c>checks</c>. Shares are in millionths, so that they mean the same to everybody who audits.</summary>
public sealed class CheckOptions
{
    /// <summary>The section's key.</summary>
    internal const string Section = "checks";

    /// <summary>Whether work is checked: committed to, drawn, done again by others, and held until it is paid. The default value is false; <c>swarmpool init</c> writes true.</summary>
    [ConfigurationKeyName("on")]
    public bool On { get; set; }

    /// <summary>Of a payee's jobs of a model, the least share that is checked, in millionths; must be between 1 and 1,000,000. The default value is 50000: 5 %.</summary>
    [ConfigurationKeyName("least_ppm")]
    public int LeastPpm { get; set; } = 50_000;

    /// <summary>A payee's first jobs of a model, and its next after a wrong answer, which are all checked; must be between 1 and 10,000. The default value is 20.</summary>
    [ConfigurationKeyName("newcomer_jobs")]
    public int NewcomerJobs { get; set; } = 20;

    /// <summary>
    /// Epochs that work is held before it is paid, so that a wrong answer costs what came before it; must be between 0 and 1,000. 0 needs a
    /// <c>min_miner_stake</c>: else cheating would cost nothing. The default value is 2.
    /// </summary>
    [ConfigurationKeyName("hold_epochs")]
    public int HoldEpochs { get; set; } = 2;

    /// <summary>What a checker is paid of the job's price, out of the operations' part, in millionths; must be between 0 and 250,000. The default value is 100000: 10 %.</summary>
    [ConfigurationKeyName("fee_ppm")]
    public int FeePpm { get; set; } = 100_000;

    /// <summary>Of wrong answers that are checked, the share that is taken to be found, in millionths; must be between 1 and 1,000,000. The default value is 1000000.</summary>
    [ConfigurationKeyName("detection_ppm")]
    public int DetectionPpm { get; set; } = 1_000_000;

    /// <summary>Seconds that a miner has to show what it committed to, once it may; must be between 1 and 3600. The default value is 30.</summary>
    [ConfigurationKeyName("reveal_seconds")]
    public int RevealSeconds { get; set; } = 30;

    /// <summary>Of checks, the share by which checkers are checked, in millionths; must be between 0 and 1,000,000. The default value is 20000: 2 %.</summary>
    [ConfigurationKeyName("decoy_ppm")]
    public int DecoyPpm { get; set; } = 20_000;

    /// <summary>Kinds of job whose answers are scored by their evidence, where others are done again. The default value is none.</summary>
    [ConfigurationKeyName("scored_job_types")]
    public IList<string> ScoredJobTypes { get; set; } = [];

    /// <summary>Of an honest miner's scored answers, the share that fails at most, in millionths; must be between 1 and 999,999, and less than <see cref="P1Ppm"/>. The default value is 20000: 2 %.</summary>
    [ConfigurationKeyName("p0_ppm")]
    public int P0Ppm { get; set; } = 20_000;

    /// <summary>Of a cheating miner's scored answers, the share that fails at least, in millionths; must be between 1 and 999,999. The default value is 100000: 10 %.</summary>
    [ConfigurationKeyName("p1_ppm")]
    public int P1Ppm { get; set; } = 100_000;

    /// <summary>
    /// How sure scored answers have to make it that their miner cheats, in thousandths of a nat; must be between 1,000 and 100,000. The default value is
    /// 13800: one honest miner in a million.
    /// </summary>
    [ConfigurationKeyName("flag_milli_nats")]
    public int FlagMilliNats { get; set; } = 13_800;

    /// <summary>The keys of the section as somebody wrote it.</summary>
    internal IReadOnlyList<string> Written { get; set; } = [];

    /// <summary>For the rules; null where work is not checked.</summary>
    /// <param name="comparer">The verifier whose word counts on which outputs agree; null: the same bytes agree.</param>
    internal CheckSettings? Settings(string? comparer) => !On ? null : new CheckSettings
    {
        LeastPpm = LeastPpm,
        NewcomerJobs = NewcomerJobs,
        HoldEpochs = HoldEpochs,
        FeePpm = FeePpm,
        DetectionPpm = DetectionPpm,
        RevealMs = RevealSeconds * 1000L,
        DecoyPpm = DecoyPpm,
        P0Ppm = P0Ppm,
        P1Ppm = P1Ppm,
        FlagMilliNats = FlagMilliNats,
        Comparer = comparer,
        Kinds = ScoredJobTypes.Count == 0 ? null : [.. ScoredJobTypes.Order(StringComparer.Ordinal).Select(static type => new CheckKind(type, CheckKinds.Score))],
    };
}

/// <summary>Checks how work is checked: a policy under which cheating pays is refused.</summary>
internal static class CheckOptionsCheck
{
    private static readonly string[] Keys =
    [
        "on", "least_ppm", "newcomer_jobs", "hold_epochs", "fee_ppm", "detection_ppm", "reveal_seconds", "decoy_ppm", "scored_job_types", "p0_ppm", "p1_ppm", "flag_milli_nats",
    ];

    private static readonly string[] OfScores = ["p0_ppm", "p1_ppm", "flag_milli_nats"];

    /// <summary>Notes all that is wrong.</summary>
    /// <param name="found">What was found wrong so far.</param>
    /// <param name="options">The section.</param>
    /// <param name="stake">The stake that a miner needs; null where that can't be read.</param>
    public static void Check(List<string> found, CheckOptions options, Usdc? stake)
    {
        var problems = new List<string>();
        OptionRange.Check(problems, "least_ppm", options.LeastPpm, 1, 1_000_000);
        OptionRange.Check(problems, "newcomer_jobs", options.NewcomerJobs, 1, 10_000);
        OptionRange.Check(problems, "hold_epochs", options.HoldEpochs, 0, 1_000);
        OptionRange.Check(problems, "fee_ppm", options.FeePpm, 0, 250_000);
        OptionRange.Check(problems, "detection_ppm", options.DetectionPpm, 1, 1_000_000);
        OptionRange.Check(problems, "reveal_seconds", options.RevealSeconds, 1, 3_600);
        OptionRange.Check(problems, "decoy_ppm", options.DecoyPpm, 0, 1_000_000);
        OptionRange.Check(problems, "p0_ppm", options.P0Ppm, 1, 999_999);
        OptionRange.Check(problems, "p1_ppm", options.P1Ppm, 1, 999_999);
        OptionRange.Check(problems, "flag_milli_nats", options.FlagMilliNats, 1_000, 100_000);
        if (options.P0Ppm >= options.P1Ppm)
        {
            problems.Add($"p0_ppm is {options.P0Ppm} and p1_ppm {options.P1Ppm}: honest miners have to fail less than cheats, or the test tells nothing");
        }

        if (options is { On: true, HoldEpochs: 0 } && stake == Usdc.Zero)
        {
            problems.Add("hold_epochs is 0 and min_miner_stake is 0: a wrong answer that is found would cost nothing, so cheating pays; hold work back, or ask for a stake");
        }

        foreach (var type in options.ScoredJobTypes.Where(static type => Protocol.Snapshots.Field.JobType("", type) is not null))
        {
            problems.Add($"scored_job_types: '{type}' is no kind of job");
        }

        CheckWritten(problems, options);
        found.AddRange(problems.Select(static problem => $"{CheckOptions.Section}:{problem}"));
    }

    // A limit that nobody reads is no limit, and whoever wrote it believes otherwise.
    private static void CheckWritten(List<string> problems, CheckOptions options)
    {
        foreach (var key in options.Written)
        {
            if (!Keys.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                problems.Add($"{key}: nothing reads it.{NearestName.Hint(key, Keys)}");
            }
            else if (options is { On: true, ScoredJobTypes.Count: 0 } && OfScores.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                problems.Add($"{key}: nothing reads it while scored_job_types names none");
            }
        }
    }
}
