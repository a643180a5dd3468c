using System.Globalization;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Core.Auditing;

/// <summary>
/// A verifier's verdict is the pool's word. Where the recorded verifier may ask for a replica, each that no client signed for is shown with
/// the money that went to its miner, and in one line how much was decided on verdicts that did not ask.
/// </summary>
/// <param name="list">Where remarks go.</param>
/// <remarks>Not thread-safe. It keeps the jobs that wait for such a replica.</remarks>
internal sealed class ReplicaRemarks(RemarkList list)
{
    private readonly Dictionary<Cid, (RemarkList.Entry Remark, int Signed)> asked = [];
    private readonly SortedDictionary<string, (RemarkList.Entry Remark, long Verdicts)> silent = new(StringComparer.Ordinal);

    /// <param name="record">A record.</param>
    /// <param name="state">The state after it.</param>
    public void Hear(PoolRecord record, PoolState state)
    {
        foreach (var happened in record.Events)
        {
            switch (happened)
            {
                case ReplicaAdded added: Ask(record, state.Jobs[added.Cid], state.Settings!); break;
                case JobDecided decided: Decide(record, decided, state); break;
                case JobFailed failed: End(failed.Cid, state); break;
                default: break;
            }
        }
    }

    /// <summary>Nothing more is read.</summary>
    public void End(PoolState state)
    {
        foreach (var cid in asked.Keys.ToList())
        {
            End(cid, state);
        }
    }

    private void Ask(PoolRecord record, JobEntry job, PoolSettings settings)
    {
        if (asked.ContainsKey(job.Cid))
        {
            return;
        }

        var signed = job.Replicas - 1;
        var by = settings.Verifier is { } verifier ? $"the verifier '{verifier}'" : $"a verdict in the name of '{record.Facts.Verdict?.Verifier}', though the settings name no verifier,";
        var what = string.Create(CultureInfo.InvariantCulture, $"{by} asks for more replicas of the job {job.Cid} than the {signed} that its client signed for");
        asked.Add(job.Cid, (list.Add(AuditRemarkKinds.Replica, record.Sequence, what), signed));
    }

    private void Decide(PoolRecord record, JobDecided decided, PoolState state)
    {
        var job = state.Jobs[decided.Cid];
        if (asked.Remove(decided.Cid, out var one))
        {
            // In the order in which they were accepted: those that came after as many as were signed for.
            var extra = job.Proofs.Skip(one.Signed).Select(static proof => proof.ProofCid).ToHashSet();
            one.Remark.Micro += decided.Parts.Where(part => extra.Contains(part.ProofCid)).Aggregate((Int128)0, static (sum, part) => sum + part.Price.Micro);
        }

        if (state.Settings is { VerifierMayAsk: true } or { Verifier: null })
        {
            Trust(record.Facts.Verdict?.Verifier ?? "", state.Settings.Verifier is not null, job.Charge ?? job.Price);
        }
    }

    private void Trust(string verifier, bool named, Usdc price)
    {
        var (remark, verdicts) = silent.GetValueOrDefault(verifier);
        remark ??= list.Add(AuditRemarkKinds.Verdict, 0, "");
        silent[verifier] = (remark, verdicts + 1);
        remark.Micro += price.Micro;
        remark.What = string.Create(
            CultureInfo.InvariantCulture,
            $"{verdicts + 1} {(verdicts == 0 ? "job was" : "jobs were")} decided by verdicts of '{verifier}', {(named ? "which may ask for replicas" : "though the settings name no verifier")}: that it did not ask for more is the pool's word");
    }

    // Nobody was paid: the price was at stake, or still is.
    private void End(Cid cid, PoolState state)
    {
        if (asked.Remove(cid, out var one) && state.Jobs.TryGet(cid, out var job))
        {
            one.Remark.Micro += job.Price.Micro;
        }
    }
}
