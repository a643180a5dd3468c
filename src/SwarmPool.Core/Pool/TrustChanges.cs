using SwarmPool.Identity;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool;

/// <summary>What decisions do to what is known of payees' work. Called by <see cref="PoolState.Apply"/> alone.</summary>
internal static class TrustChanges
{
    /// <summary>The job is decided by the work of these: it is held, and counts for them unless it was to be checked and was not.</summary>
    public static void Decide(PoolState state, JobEntry job, IReadOnlyList<PaidPart> parts, string check)
    {
        var epoch = state.Epochs.Open!.Number;
        foreach (var part in parts)
        {
            var entry = state.Trust.Of(part.Payee, job.Wanted);
            var decided = entry.Decided + (check == ProofChecks.Unchecked ? 0 : 1);
            Set(state, entry with
            {
                Decided = decided,
                Checked = entry.Checked + (check is ProofChecks.Right or ProofChecks.Replicas ? 1 : 0),
                Marks = decided >= ForgivenAt(state) ? 0 : entry.Marks,
                Held = Hold(entry.Held, epoch, part.Price.Micro),
            });
        }
    }

    /// <summary>A check that was refuted marks its checker.</summary>
    public static void Decide(PoolState state, JobEntry job, CheckDecided e)
    {
        if (e.Marked == true)
        {
            Mark(state, e.Payee, job.Wanted, 1);
        }
    }

    /// <summary>A mark is given, or taken back. Whoever has one begins again with all of its work drawn.</summary>
    public static void Mark(PoolState state, EthAddress payee, string model, int by)
    {
        var entry = state.Trust.Of(payee, model);
        Set(state, entry with { Marks = Math.Max(0, entry.Marks + by), Decided = by > 0 ? 0 : entry.Decided });
    }

    /// <summary>The scores of an answer count in the sequential test.</summary>
    public static void Judge(PoolState state, ScoreJudged e) => Set(state, state.Trust.Of(e.Payee, e.Model) with { LlrMilliNats = e.LlrMilliNats });

    /// <summary>Work was found wrong: nothing that is held is ever paid, and the payee begins again.</summary>
    public static void Refuse(PoolState state, WorkRefused e)
    {
        if (!RefuseReasons.Strikes(e.Reason))
        {
            return;
        }

        var entry = state.Trust.Of(e.Payee, e.Model);
        Set(state, entry with
        {
            Decided = 0,
            Checked = entry.Checked + (e.Reason == RefuseReasons.Withheld ? 0 : 1),
            Wrong = entry.Wrong + 1,
            LlrMilliNats = 0,
            StruckAt = state.Sequence,
            Held = null,
        });
    }

    // By then it is drawn least again.
    private static long ForgivenAt(PoolState state)
    {
        var checks = state.Checks!;
        return Math.Max(1, (long)checks.NewcomerJobs * (1_000_000 - checks.LeastPpm) / checks.LeastPpm);
    }

    private static List<HeldWork> Hold(List<HeldWork>? held, long epoch, long micro) => held is [.., var last] && last.Epoch == epoch
        ? [.. held[..^1], last with { Micro = last.Micro + micro }]
        : [.. held ?? [], new HeldWork(epoch, micro)];

    private static void Set(PoolState state, TrustEntry entry) => state.Trust.Set(entry with { At = state.At, Record = state.Sequence });
}
