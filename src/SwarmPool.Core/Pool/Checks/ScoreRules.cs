using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>Answers that are scored and not repeated: a checker tells scores, the calibration what they mean, and the sequential test whether a payee cheats.</summary>
internal static class ScoreRules
{
    /// <summary>The most checkers that score one answer.</summary>
    public const int Most = 3;

    public static Decision Accept(PoolState state, CheckSnapshot check, PoolFacts facts, long at)
    {
        if (!state.Jobs.TryGet(check.JobCid, out var job))
        {
            return Decision.Refuse(ErrorCodes.JobUnknown, $"The pool knows no job {check.JobCid}.");
        }

        if (state.Checks is not { } checks || job.Checking?.WorkOf(check.Fence) is not { Kind: CheckKinds.Score } work)
        {
            return Decision.Refuse(ErrorCodes.CheckOver, $"{check.Miner} has no check {check.Fence} of this job's scores, or it is over.");
        }

        if (work.Miner != check.Miner)
        {
            return Decision.Refuse(ErrorCodes.WrongFence, $"The check {check.Fence} is {work.Miner}'s, not {check.Miner}'s.");
        }

        if (work.HasResult)
        {
            return Decision.Repeat(job.Cid);
        }

        var proof = job.Proofs[0];
        if (work.Until <= at || check.ProofCid != proof.ProofCid)
        {
            return Decision.Refuse(ErrorCodes.CheckOver, work.Until <= at ? $"The check {check.Fence} has run out." : $"The check {check.Fence} is of the proof {proof.ProofCid}.");
        }

        if (check.Result != CheckResults.Scored || ScoreGrades.Of(checks, job.Wanted, proof.Class, check) is not { } grade)
        {
            return CheckTimes.End(state, job, work, CheckResults.None, check.Detail, facts, at);
        }

        var scored = new CheckScored(
            job.Cid, work.Fence, work.Miner, proof.ProofCid, check.Positions, check.ExactWins, check.MarginMicro, check.TopDistanceMicro, grade);
        var round = Round.Of(job);
        return Judge(state, job, round.With(round[work.Fence] with { Proof = proof.ProofCid, Grade = grade, Positions = check.Positions }), job.Checking.Until, facts, at, [scored]);
    }

    /// <summary>Whether another checker is asked, or what follows when there are enough, or no more to be had.</summary>
    public static Decision Judge(PoolState state, JobEntry job, Round round, long? until, PoolFacts facts, long at, IReadOnlyList<PoolEvent> before)
    {
        var scorers = round.Scorers.ToList();
        if (scorers.Exists(static part => part.Grade is null))
        {
            return Decision.Accept(before);
        }

        var (enough, needed) = IsEnough(state, job, scorers, facts);
        if (needed is not null)
        {
            return needed;
        }

        if (!enough && CheckerSearch.For(state, job, round, CheckKinds.Score, until, false, facts, at, before) is { } looked)
        {
            return looked;
        }

        return scorers.Count == 0 && job.Check == JobChecks.Always
            ? Decision.Accept([.. before, new JobFailed(job.Cid, JobFailReasons.Unchecked)])
            : Decision.Accept([.. before, .. Settle(state, job, round.Executors.Single(), scorers, at)]);
    }

    // One that passes is enough, but for a few that are looked at a second time: that is how a checker is found that says so unread.
    private static (bool Enough, Decision? Needed) IsEnough(PoolState state, JobEntry job, List<RoundPart> scorers, PoolFacts facts)
    {
        var (passes, fails) = Votes(scorers);
        if (passes != 1 || fails > 0)
        {
            return (scorers.Count >= Most || passes >= 2 || fails >= 2, null);
        }

        if (scorers.Count >= Most || state.Checks!.DecoyPpm == 0)
        {
            return (true, null);
        }

        var (secret, needed) = DrawRules.Secret(state, facts);
        return secret is null
            ? (false, needed)
            : (!Draw.IsDrawn(Draw.SecondPoint(secret, job.Cid, scorers.Find(static part => part.Grade == ScoreGrades.Pass)!.Fence), state.Checks.DecoyPpm), null);
    }

    private static IEnumerable<PoolEvent> Settle(PoolState state, JobEntry job, RoundPart executor, List<RoundPart> scorers, long at)
    {
        var (passes, fails) = Votes(scorers);
        var isWrong = fails > passes;
        var test = new SequentialTest(state.Checks!);
        var stands = state.Trust.Of(executor.Payee, job.Wanted).LlrMilliNats;
        stands = passes != fails ? test.Add(stands, isWrong) : stands;
        var goesBack = test.Flags(stands) || (isWrong && scorers.Exists(static part => part is { Grade: ScoreGrades.Fail, Positions: >= ScoreGrades.LeastPositions }));
        var worth = goesBack || scorers.Count == 0 ? Usdc.Zero : JudgeRules.Fee(state, job, [executor], scorers.Count);
        foreach (var part in scorers)
        {
            var refuted = (part.Grade == ScoreGrades.Fail && passes >= 2) || (part.Grade == ScoreGrades.Pass && fails >= 2);
            yield return new CheckDecided(
                job.Cid, part.Fence, part.Miner, part.Payee, passes == fails ? CheckVerdicts.None : isWrong ? CheckVerdicts.Wrong : CheckVerdicts.Right, refuted ? Usdc.Zero : worth, refuted ? true : null);
        }

        if (passes != fails)
        {
            yield return new ScoreJudged(job.Cid, executor.Payee, job.Wanted, isWrong, stands);
        }

        if (test.Flags(stands))
        {
            yield return new WorkRefused(job.Cid, executor.Fence, executor.Miner, executor.Payee, job.Wanted, RefuseReasons.Scores);
            yield return JudgeRules.Strike(state, job, executor, at);
            yield return CheckSteps.Back(state, job, at);
        }
        else if (goesBack)
        {
            yield return new WorkRefused(job.Cid, executor.Fence, executor.Miner, executor.Payee, job.Wanted, RefuseReasons.Failed);
            yield return CheckSteps.Back(state, job, at);
        }
        else
        {
            yield return JudgeRules.Decided(job, [executor], passes > fails ? ProofChecks.Right : ProofChecks.Unchecked, [executor]);
        }
    }

    private static (int Passes, int Fails) Votes(List<RoundPart> scorers) =>
        (scorers.Count(static part => part.Grade == ScoreGrades.Pass), scorers.Count(static part => part.Grade == ScoreGrades.Fail));
}
