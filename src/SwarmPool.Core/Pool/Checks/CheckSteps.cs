using SwarmPool.Core.Pool.Rules;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>What comes next in a round: who is asked for what, until it can be judged.</summary>
internal static class CheckSteps
{
    /// <summary>How a job's answers are checked; null where nothing could tell.</summary>
    public static string? KindOf(PoolState state, JobEntry job)
    {
        var checks = state.Checks!;
        var kind = checks.Kinds?.FirstOrDefault(one => one.JobType == job.JobType)?.Kind ?? CheckKinds.Run;
        return kind == CheckKinds.Run || checks.Calibrations?.Any(one => one.Model == job.Wanted) == true ? kind : null;
    }

    /// <param name="state">The state; only read.</param>
    /// <param name="job">The job.</param>
    /// <param name="round">The round, with what <paramref name="before"/> changes in it.</param>
    /// <param name="until">Until when checkers are looked for.</param>
    /// <param name="facts">What it is decided by.</param>
    /// <param name="at">Unix ms.</param>
    /// <param name="before">What is decided already.</param>
    public static Decision Next(PoolState state, JobEntry job, Round round, long? until, PoolFacts facts, long at, IReadOnlyList<PoolEvent> before)
    {
        // Once one has shown its answer no other joins: it would have seen it.
        var isShown = round.Executors.Any(static part => part.Proof is not null);
        if ((!isShown && round.Executors.Count(static part => part.Committed) < job.Replicas) || round.Runs.Any(static part => !part.Committed))
        {
            return Decision.Accept(before);
        }

        // Checkers show theirs first, so that one who shows nothing has seen nothing.
        if (round.Runs.Any(static part => part.Proof is null))
        {
            return Ask(state, job, round.Runs, at, before);
        }

        if (job.Replicas == 1 && !isShown && round.Executors.Single().Drawn && KindOf(state, job) == CheckKinds.Run && !round.Runs.Any())
        {
            if (CheckerSearch.For(state, job, round, CheckKinds.Run, until, false, facts, at, before) is { } looked)
            {
                return looked;
            }

            if (job.Check == JobChecks.Always)
            {
                return Decision.Accept([.. before, new JobFailed(job.Cid, JobFailReasons.Unchecked)]);
            }
        }

        return round.Executors.Any(static part => part.Proof is null)
            ? Ask(state, job, round.Executors, at, before)
            : job.Replicas == 1 && round.Executors.Single().Drawn && KindOf(state, job) == CheckKinds.Score
                ? ScoreRules.Judge(state, job, round, until, facts, at, before)
                : JudgeRules.Judge(state, job, round, until, facts, at, before);
    }

    /// <summary>It is time to look for a checker again.</summary>
    public static Decision Look(PoolState state, JobEntry job, PoolFacts facts, long at) => Next(state, job, Round.Of(job), job.Checking!.Until, facts, at, []);

    private static Decision Ask(PoolState state, JobEntry job, IEnumerable<RoundPart> parts, long at, IReadOnlyList<PoolEvent> before)
    {
        List<long> fences = [.. parts.Where(static part => part is { Proof: null, Reveals: false }).Select(static part => part.Fence)];
        return fences.Count == 0 ? Decision.Accept(before) : Decision.Accept([.. before, new RevealAsked(job.Cid, fences, at + state.Checks!.RevealMs)]);
    }

    /// <summary>The job goes back to be done by others, and nothing of that counts against it.</summary>
    public static JobRequeued Back(PoolState state, JobEntry job, long at) => StandingRules.Again(state, job, at);
}
