using SwarmPool.Core.Pool.Rules;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>Which answers are right, once all are shown: those of more than half. What follows is money.</summary>
internal static class JudgeRules
{
    public static Decision Judge(
        PoolState state, JobEntry job, Round round, long? until, PoolFacts facts, long at, IReadOnlyList<PoolEvent> before, bool byBytes = false)
    {
        var answers = round.Parts.Where(static part => part.Output is not null).ToList();
        if (answers.Count == 1 && job.Replicas == 1)
        {
            return Decision.Accept([.. before, Decided(job, answers, answers[0].Drawn ? ProofChecks.Unchecked : ProofChecks.Form, answers)]);
        }

        var (groups, needed) = Agreement.Groups(state, answers, facts, byBytes);
        if (groups is null)
        {
            return needed!;
        }

        if (groups.FirstOrDefault(group => group.Count * 2 > Math.Max(answers.Count, job.Replicas)) is { } right)
        {
            return Decision.Accept([.. before, .. Settle(state, job, answers, right, at)]);
        }

        // One against one tells nothing: a third does.
        var begins = job.Checking?.Disputed != true;
        var limit = begins ? at + job.AttemptMs : until;
        return answers.Count == 2 && CheckerSearch.For(state, job, round, CheckKinds.Run, limit, begins, facts, at, before) is { } looked
            ? looked
            : Decision.Accept([.. before, .. Nobody(state, job, answers, at)]);
    }

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

    /// <summary>What a check of the job is worth: a share of what the job costs by the answers that agree.</summary>
    public static Usdc Fee(PoolState state, JobEntry job, IReadOnlyList<RoundPart> agreeing) =>
        Usdc.FromMicro((long)((Int128)Cost(job, agreeing).Charge.Micro * state.Checks!.FeePpm / 1_000_000));

    private static (Usdc Charge, JobUsage? Usage) Cost(JobEntry job, IReadOnlyList<RoundPart> agreeing) => MeteredPrice.Of(job, agreeing.Select(static part => part.Usage));

    private static IEnumerable<PoolEvent> Settle(PoolState state, JobEntry job, List<RoundPart> answers, IReadOnlyList<RoundPart> right, long at)
    {
        List<RoundPart> paid = [.. right.Where(static part => part.Kind is null)];
        List<RoundPart> wrong = [.. answers.Except(right).Where(static part => part.Kind is null)];
        var found = paid.Count > 0 ? CheckVerdicts.Right : wrong.Exists(part => Compares(state, part, right)) ? CheckVerdicts.Wrong : CheckVerdicts.None;
        foreach (var check in answers.Where(static part => part.Kind is not null))
        {
            var holds = right.Contains(check);
            yield return new CheckDecided(
                job.Cid, check.Fence, check.Miner, check.Payee, holds ? found : CheckVerdicts.None,
                holds && found != CheckVerdicts.None ? Fee(state, job, right) : Usdc.Zero, !holds && Compares(state, check, right) ? true : null);
        }

        foreach (var part in wrong)
        {
            var compares = Compares(state, part, right);
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

    // Where outputs agree by their bytes only what computes alike can be told wrong; where a verifier compares, its word counts for all.
    private static bool Compares(PoolState state, RoundPart part, IReadOnlyList<RoundPart> right) =>
        state.Checks!.Comparer is not null || right.Any(other => other.Class == part.Class);
}
