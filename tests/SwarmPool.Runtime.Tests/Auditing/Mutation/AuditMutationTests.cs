using System.Globalization;
using System.Text;
using SwarmPool.Core.Auditing;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Auditing;

namespace SwarmPool.Runtime.Tests.Auditing.Mutation;

/// <summary>
/// Whoever holds the pool's key changes one thing of a true story, decides all that follows again, and hashes, settles, seals and signs it.
/// Each such lie is a difference, or a remark with the money that it moves, or of a kind that nobody can find: those are listed, with the reason.
/// </summary>
public sealed class AuditMutationTests
{
    private static readonly bool All = Environment.GetEnvironmentVariable("SWARMPOOL_FULL") == "1";

    private static readonly RememberingEngine Engine = new();
    private static readonly Lazy<Task<Told>> Plain = new(static async () => new Told(await Story.TellAsync(), ""));
    private static readonly Lazy<Task<Told>> Asking = new(static async () => new Told(await Story.TellOfAskingAsync(), "asking "));

    private static readonly Lazy<Task<Told>> Checking = new(static async () => new Told(await CheckedStory.TellAsync(), "checking "));

    // What no story tells yet: checks by scores, a checker's answer of which it is counted what it cost, a verifier's word on which outputs agree, an answer that is shown too late, a check that nobody is free for.
    private static readonly string[] Untold =
    [
        "CheckSnapshot.", "NumericClass.", "CheckScored.", "ScoreJudged.", "CheckKind.", "ScoreCalibration.", "ScoreLimits.", "AgreementFact.", "PoolFacts.Agreement", "LateRevealed.", "CheckPostponed.", "CheckProved.Usage",
    ];

    [Fact]
    public async Task Every_field_of_every_record_is_changed()
    {
        var changed = (await Plain.Value).Lies.Concat((await Asking.Value).Lies).Concat((await Checking.Value).Lies).Select(mutant => mutant.Field).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Mutants.KnownFields().Where(field => !IsUntold(field)).Except(changed).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(changed, IsUntold); // A line of that list that a story tells has to go.

        static bool IsUntold(string field) => Array.Exists(Untold, kind => field.StartsWith(kind, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_true_story_of_a_pool_that_checks_work_passes_without_a_line()
    {
        var report = await AuditAsync((await Checking.Value).Truth);
        Assert.Empty(report.Differences);
        Assert.True(report.IsQuiet, string.Join('\n', report.Remarks.Concat(report.Names.Changed)));
        Assert.Equal(4, report.Splits);
    }

    [Fact]
    public async Task Nor_does_one_where_work_is_checked_and_held() => await JudgeAsync(await Checking.Value);

    [Fact]
    public async Task The_true_story_passes_without_a_line()
    {
        var report = await AuditAsync((await Plain.Value).Truth);
        Assert.Empty(report.Differences);
        Assert.True(report.IsQuiet, string.Join('\n', report.Remarks.Concat(report.Names.Changed)));
        Assert.Equal(3, report.Splits);
    }

    [Fact]
    public async Task No_lie_passes_in_silence_but_those_that_nobody_can_find() => await JudgeAsync(await Plain.Value);

    [Fact]
    public async Task Nor_does_one_where_the_verifier_may_ask_for_replicas() => await JudgeAsync(await Asking.Value);

    private async Task JudgeAsync(Told told)
    {
        var (truth, story) = (told.Truth, told.Name);
        var before = Said(await AuditAsync(truth));
        var unfound = Unfound.Read();
        var (wrong, met) = (new StringBuilder(), new HashSet<Unfound>());
        var (count, untold) = (0, new List<Mutant>());
        foreach (var mutant in Sample(told.Lies, story))
        {
            var lie = await mutant.Tell();
            if (lie.IsStuck)
            {
                untold.Add(mutant);
                continue;
            }

            if (lie.Epochs.SequenceEqual(truth.Epochs.Take(lie.Epochs.Count)))
            {
                continue; // As far as it is published it says what is true.
            }

            count++;
            var verdict = await JudgeAsync(truth, lie, before);
            if (verdict is null)
            {
                continue;
            }

            var kind = unfound.Find(one => one.Covers(story, mutant.Kind, verdict.Value));
            if (kind is null)
            {
                wrong.Append(CultureInfo.InvariantCulture, $"{story}{mutant.Kind} (step {mutant.Step}): {verdict}\n");
            }
            else
            {
                met.Add(kind);
            }
        }

        Assert.True(wrong.Length == 0, $"of {count} lies\n{wrong}");
        Assert.InRange(count, 15, 100_000);
        Assert.True(untold.TrueForAll(HasNoForm), string.Join('\n', untold.Where(static mutant => !HasNoForm(mutant)).Select(static mutant => mutant.Kind)));
        Assert.Empty(unfound.Where(one => one.IsOf(story) && !met.Contains(one)).Select(one => one.ToString()));
    }

    // All of them under SWARMPOOL_FULL. Else one way of each field that somebody signed, two of each other, and all of times, places, verdicts and
    // the last epoch; of the story with the verifier that may ask, what is about verdicts.
    private static IEnumerable<Mutant> Sample(IEnumerable<Mutant> mutants, string story) => All ? mutants : mutants
        .Where(mutant => story.Length == 0 || (story == "checking " ? IsOfChecks(mutant) : IsOfVerdicts(mutant)))
        .GroupBy(mutant => IsOfVerdicts(mutant) ? $"{mutant.Kind} {mutant.Step}" : mutant.Kind).Select(static group => group.First())
        .GroupBy(static mutant => $"{mutant.Context} {mutant.Field}").SelectMany(static group => IsTriedInFull(group.First()) ? group : group.Take(IsSigned(group.First()) ? 1 : 2));

    private static bool IsSigned(Mutant mutant) => mutant.Field.Contains("Snapshot.", StringComparison.Ordinal) && mutant.Context != "epoch";

    private static bool IsTriedInFull(Mutant mutant) => mutant.Context == "last epoch" || mutant.Field is "PoolRecord.At" or "record" || IsOfVerdicts(mutant);

    // An epoch that nobody reads as one (what its records and its policy are written as stands in it, and an amount is never negative, an end
    // never before a beginning), or a record without a part that all need.
    private static bool HasNoForm(Mutant mutant) => mutant.Context.EndsWith("epoch", StringComparison.Ordinal)
        || mutant.Field is "SettlementFact.Operations" or "EpochOpened.Number" or "EpochOpened.OpeningState" || mutant.Field.StartsWith("PolicyIdentity.", StringComparison.Ordinal)
        || mutant.Kind is "epochend PoolRecord.At as elsewhere 1" or "epochend PoolRecord.At as elsewhere 2" or "started PoolRecord.Events dropped"
        || mutant.Kind is "draw DrawFact.Secret empty" or "draw DrawOpened.Commitment empty" or "settled SettlementFact.Declared present" or "settled SettlementFact.Checkers present"
        || (mutant.How == "absent" && mutant.Field is "PoolRecord.Input" or "PoolFacts.Settlement" or "PoolFacts.Draw");

    // The other stories tell of registrations and claims.
    private static bool IsOfChecks(Mutant mutant) =>
        mutant.Context is "commitment" or "draw" or "epochend" or "settled" or "epoch" or "last epoch" or "proof" or "release" || mutant.Field.StartsWith("CheckSettings.", StringComparison.Ordinal);

    private static bool IsOfVerdicts(Mutant mutant) =>
        mutant.Field.StartsWith("VerdictFact", StringComparison.Ordinal) || mutant.Field.StartsWith("JobUsage.", StringComparison.Ordinal) || mutant.Field.StartsWith("PoolSettings.Verifier", StringComparison.Ordinal) || mutant.How.Contains("replica", StringComparison.Ordinal);

    /// <summary>What passes in silence moves; null when it does not pass.</summary>
    private async Task<Effect?> JudgeAsync(Operator truth, Operator told, IReadOnlySet<string> before)
    {
        var effect = EffectOf(truth, told, out var most);
        EpochAuditReport report;
        try
        {
            report = await AuditAsync(told);
        }
        catch (SwarmPoolException)
        {
            return null; // It is no epoch: the audit ends with an error.
        }

        if (!report.IsRight)
        {
            return null;
        }

        // What is shown is shown with the money that somebody gains.
        return !Said(report).IsSubsetOf(before) ? report.AtStakeMicroUsdc >= most ? null : Effect.Understated
            : effect == Effect.Pays && report.Remarks.Any(remark => remark.Kind is AuditRemarkKinds.Verdict or AuditRemarkKinds.Usage && remark.AtStakeMicroUsdc >= most) ? Effect.Shown
            : effect;
    }

    private static Effect EffectOf(Operator truth, Operator told, out Int128 most)
    {
        var gains = truth.Paid.Keys.Union(told.Paid.Keys).ToDictionary(static to => to, to => told.Paid.GetValueOrDefault(to) - truth.Paid.GetValueOrDefault(to));
        most = gains.Values.Select(static gain => Int128.Max(gain, 0)).DefaultIfEmpty().Max();
        return gains.Values.Any(static gain => gain > 0) ? Effect.Pays : gains.Values.Any(static gain => gain < 0) ? Effect.Withholds : Effect.None;
    }

    private static HashSet<string> Said(EpochAuditReport report) => report.Remarks.Concat(report.Names.Changed).Select(static remark => remark.What).ToHashSet(StringComparer.Ordinal);

    private async Task<EpochAuditReport> AuditAsync(Operator told)
    {
        var stranger = new PoolAuditor(told.Net.Join(), new World(), TimeProvider.System) { Policy = new HalfPolicy(), Engine = Engine };
        return await stranger.AuditHistoryAsync(await stranger.FetchAsync(told.Epochs[^1]));
    }
}

/// <summary>A true story, and all lies about it.</summary>
/// <param name="Truth">The story.</param>
/// <param name="Name">What its kinds of lies begin with in nobody-can-find.txt.</param>
internal sealed record Told(Operator Truth, string Name)
{
    public IReadOnlyList<Mutant> Lies { get; } = [.. new Mutants(Truth).All()];
}

/// <summary>What a lie does.</summary>
internal enum Effect
{
    /// <summary>Everybody is paid as in truth.</summary>
    None,

    /// <summary>Somebody is paid less, nobody more.</summary>
    Withholds,

    /// <summary>Somebody is paid more, and a remark that is in the true story's audit too names as much: that of verdicts which did not ask.</summary>
    Shown,

    /// <summary>Somebody is paid more.</summary>
    Pays,

    /// <summary>It is shown, but with less money than it moves.</summary>
    Understated,
}

/// <summary>A kind of lie that nobody can find: a line of nobody-can-find.txt.</summary>
/// <param name="Pattern">Context, field and how, with * for any.</param>
/// <param name="Effect">The most that it does.</param>
/// <param name="Reason">Why nobody can.</param>
internal sealed record Unfound(string Pattern, Effect Effect, string Reason)
{
    public static List<Unfound> Read() =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Auditing", "Mutation", "nobody-can-find.txt"))
            .Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(static parts => new Unfound(parts[0], Enum.Parse<Effect>(parts[1], ignoreCase: true), parts[2])),
    ];

    private string Story => Array.Find(["asking ", "checking "], story => Pattern.StartsWith(story, StringComparison.Ordinal)) ?? "";

    /// <summary>Whether it has to be met by the lies about a story.</summary>
    public bool IsOf(string story) => Story == story;

    public bool Covers(string story, string kind, Effect effect) => effect <= Effect && (effect != Effect.Understated || Effect == Effect.Understated)
        && System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Pattern, Story.Length > 0 ? story + kind : kind, ignoreCase: false);
}
