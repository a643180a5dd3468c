using SwarmPool.Core.Pool.Rules;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>Which answers are right, once all are shown: those of more than half. What follows is money.</summary>
internal static class JudgeRules
{
    /// <summary>So many answers of another class are taken before it is given up to find one that tells.</summary>
    private const int MostAside = 2;

    public static Decision Judge(PoolState state, JobEntry job, Round round, long? until, PoolFacts facts, long at, IReadOnlyList<PoolEvent> before)
    {
        var answers = round.Parts.Where(static part => part.Output is not null).ToList();
        if (answers.Count == 1 && job.Replicas == 1)
        {
            return Decision.Accept([.. before, Decided(job, answers, answers[0].Drawn ? ProofChecks.Unchecked : ProofChecks.Form, answers)]);
        }

        var (found, needed) = Agreement.Of(state, job, answers, facts);
        if (found is null)
        {
            return needed ?? Decision.Accept([.. before, new CheckPostponed(job.Cid, CheckerSearch.AgainAt(state, at))]);
        }

        var counted = answers.Count - found.Aside.Count;
        if (found.Groups.FirstOrDefault(group => group.Count > 1 && group.Count * 2 > Math.Max(counted, job.Replicas)) is { } right)
        {
            return Decision.Accept([.. before, .. Settle(state, job, answers, right, found.Aside, at)]);
        }

        // One against one tells nothing: a third does. Nor does one that can't be held against the other.
        var begins = job.Checking?.Disputed != true;
        var limit = begins ? at + job.AttemptMs : until;
        return counted <= 2 && (found.Aside.Count > 0 || answers.Count == 2) && found.Aside.Count <= MostAside
            && CheckerSearch.For(state, job, round, CheckKinds.Run, limit, begins, facts, at, before) is { } looked
            ? looked
            : Decision.Accept([.. before, .. Undecided(job, found, counted) ? Untold(job, answers, found) : Nobody(state, job, answers, at)]);
    }

    // Whatever was found beside it is of another class: nobody could check it.
    private static bool Undecided(JobEntry job, Agreement found, int counted) => job.Replicas == 1 && counted == 1 && found.Groups is [[{ Kind: null }]];

    private static IEnumerable<PoolEvent> Untold(JobEntry job, List<RoundPart> answers, Agreement found) =>
    [
        .. NoResults(job, answers),
        job.Check == JobChecks.Always ? new JobFailed(job.Cid, JobFailReasons.Unchecked) : Decided(job, found.Groups[0], ProofChecks.Unchecked, found.Groups[0]),
    ];

    /// <summary>Nobody is found right, so nobody is paid; and nobody is found wrong.</summary>
    public static IEnumerable<PoolEvent> Nobody(PoolState state, JobEntry job, IReadOnlyList<RoundPart> answers, long at) =>
    [
        .. NoResults(job, answers),
        .. Attempts.Disagree(state, job, [.. answers.Where(static part => part.Kind is null).Select(static part => part.Miner)], at),
    ];

    /// <summary>Checks that are over without a result.</summary>
    public static IEnumerable<PoolEvent> NoResults(JobEntry job, IEnumerable<RoundPart> answers) => answers.Where(static part => part.Kind is not null)
        .Select(part => new CheckDecided(job.Cid, part.Fence, part.Miner, part.Payee, CheckVerdicts.None, Usdc.Zero));

    /// <summary>The job is done by the work of these.</summary>
    /// <param name="job">The job.</param>
    /// <param name="paid">Those who are paid for it.</param>
    /// <param name="check">One of <see cref="ProofChecks"/>.</param>
    /// <param name="agreeing">Those, and who got the same when they checked it.</param>
    public static JobDecided Decided(JobEntry job, IReadOnlyList<RoundPart> paid, string check, IReadOnlyList<RoundPart> agreeing)
    {
        var (charge, usage) = Cost(job, agreeing);
        return new JobDecided(job.Cid, ReplicaAgreement.Split(charge, [.. paid.Select(static part => new ReplicaProof(part.Fence, part.Attempt, part.Miner, part.Mode, part.Payee, part.Proof!.Value, part.Output!.Value))]), job.Wanted, job.Client, check, usage);
    }

    /// <summary>
    /// What a check of a job is worth that is decided: a share of what it costs by the answers that agree. All checks of a job together get no more than
    /// one may at most, and those of an answer that its client does not pay for get nothing: whoever owns client, miner and checkers gets no more back
    /// than it pays.
    /// </summary>
    public static Usdc Fee(PoolState state, JobEntry job, IReadOnlyList<RoundPart> agreeing, int checks) =>
        Usdc.FromMicro((long)((Int128)Cost(job, agreeing).Charge.Micro * Math.Min(state.Checks!.FeePpm, CheckSettings.MostFeePpm / checks) / 1_000_000));

    private static (Usdc Charge, JobUsage? Usage) Cost(JobEntry job, IReadOnlyList<RoundPart> agreeing) => MeteredPrice.Of(job, agreeing.Select(static part => part.Usage));

    private static IEnumerable<PoolEvent> Settle(PoolState state, JobEntry job, List<RoundPart> answers, IReadOnlyList<RoundPart> right, IReadOnlyList<RoundPart> aside, long at)
    {
        List<RoundPart> paid = [.. right.Where(static part => part.Kind is null)];
        List<RoundPart> wrong = [.. answers.Except(right).Where(static part => part.Kind is null)];
        var found = paid.Count > 0 ? CheckVerdicts.Right : wrong.Exists(part => Compares(state, part, right, aside)) ? CheckVerdicts.Wrong : CheckVerdicts.None;
        var worth = found == CheckVerdicts.Right && right.Any(static part => part.Kind is not null) ? Fee(state, job, right, right.Count(static part => part.Kind is not null)) : Usdc.Zero;
        foreach (var check in answers.Where(static part => part.Kind is not null))
        {
            var holds = right.Contains(check);
            yield return new CheckDecided(
                job.Cid, check.Fence, check.Miner, check.Payee, holds ? found : CheckVerdicts.None,
                holds ? worth : Usdc.Zero, !holds && Compares(state, check, right, aside) ? true : null);
        }

        foreach (var part in wrong)
        {
            var compares = Compares(state, part, right, aside);
            yield return new WorkRefused(job.Cid, part.Fence, part.Miner, part.Payee, job.Wanted, compares ? RefuseReasons.Outvoted : RefuseReasons.OtherClass);
            if (compares)
            {
                yield return Strike(state, job, part, at);
            }
        }

        yield return paid.Count > 0
            ? Decided(job, paid, job.Replicas > 1 ? ProofChecks.Replicas : ProofChecks.Right, right)
            : CheckSteps.Back(state, job, at);
    }

    /// <summary>The client's own strike against whoever gave it a wrong answer.</summary>
    public static ProofDisputed Strike(PoolState state, JobEntry job, RoundPart part, long at) =>
        new(job.Cid, part.Miner, at + StandingRules.Pause(state, job, state.Miners[part.Miner], isSilence: false));

    // Where outputs agree by their bytes only what computes alike can be told wrong; where a verifier compares, it says what can't be.
    private static bool Compares(PoolState state, RoundPart part, IReadOnlyList<RoundPart> right, IReadOnlyList<RoundPart> aside) =>
        state.Checks!.Comparer is not null ? !aside.Contains(part) : right.Any(other => other.Class == part.Class);
}
