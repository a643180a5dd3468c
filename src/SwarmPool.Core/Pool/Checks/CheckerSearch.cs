namespace SwarmPool.Core.Pool.Checks;

/// <summary>Looks for somebody who checks.</summary>
internal static class CheckerSearch
{
    /// <summary>The first that is free is given the check; while all who could are busy it is asked again. Null when nobody could, or the time for it is over.</summary>
    public static Decision? For(
        PoolState state, JobEntry job, Round round, string kind, long? until, bool begins, PoolFacts facts, long at, IReadOnlyList<PoolEvent> before)
    {
        if (until is null || at >= until)
        {
            return null;
        }

        var (secret, needed) = DrawRules.Secret(state, facts);
        if (secret is null)
        {
            return needed;
        }

        var settings = state.Settings!;
        var (first, busy) = CheckerRanking.Of(state, job, round, secret, at);
        if (first is not null)
        {
            var limit = at + job.AttemptMs;
            return Decision.Accept([.. before, new CheckAssigned(
                job.Cid, round.Executors.First().Attempt, state.Fence + 1, first.Name, first.Payout, kind, Math.Min(at + settings.ClaimTimeoutMs, limit), limit, begins ? until : null)]);
        }

        return busy
            ? Decision.Accept([.. before, new CheckPostponed(job.Cid, Math.Min(AgainAt(state, at), until.Value), begins ? until : null)])
            : null;
    }

    /// <summary>When to look again, unix ms.</summary>
    public static long AgainAt(PoolState state, long at) => at + Math.Max(1000, state.Settings!.ClaimTimeoutMs / 8);
}
