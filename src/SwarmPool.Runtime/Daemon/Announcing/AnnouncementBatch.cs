using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Announcing;

/// <summary>
/// What a few records mean for those outside, by announcement type. A function of the records and of what never changes
/// in the jobs that they name, so that after a crash the same records give the same announcements.
/// </summary>
internal sealed class AnnouncementBatch
{
    private readonly SortedDictionary<string, List<object>> byType = new(StringComparer.Ordinal);

    /// <summary>The items by type, types in ordinal order, items in the order decided.</summary>
    public IReadOnlyDictionary<string, List<object>> ByType => byType;

    public void Add(string type, object item)
    {
        if (!byType.TryGetValue(type, out var items))
        {
            byType.Add(type, items = []);
        }

        items.Add(item);
    }

    /// <summary>Adds what a record means; the state is the one after it, or any later one.</summary>
    public void Add(PoolRecord record, PoolState state)
    {
        foreach (var e in record.Events)
        {
            Add(e, record, state);
            CheckAnnouncements.Add(this, e, record, state);
        }
    }

    private void Add(PoolEvent e, PoolRecord record, PoolState state)
    {
        switch (e)
        {
            case JobAccepted a:
                Add(SnapshotTypes.JobsNew, AnnouncementItems.New(a));
                break;
            case JobRequeued r when state.Jobs.TryGet(r.Cid, out var job):
                Add(SnapshotTypes.JobsNew, AnnouncementItems.New(job) with { Attempt = r.Attempt, Miners = r.Miners, ReservedUntil = r.ReservedUntil, Match = r.Match });
                break;
            case JobCancelled c when state.Jobs.TryGet(c.Cid, out var job):
                Add(SnapshotTypes.JobsCancelled, new JobCancelledItem(c.Cid, job.Client));
                break;
            case JobFailed f when state.Jobs.TryGet(f.Cid, out var job):
                Add(SnapshotTypes.JobsFailed, AnnouncementItems.Failed(job, f.Reason));
                break;
            case JobClaimed c:
                Add(SnapshotTypes.ClaimsAccepted, new ClaimAcceptedItem(c.Cid, c.Attempt, c.Miner, c.Fence, c.LeaseUntil, c.LimitUntil) { PackCid = state.Jobs.TryGet(c.Cid, out var claimed) ? claimed.PackCid : null, Commit = CheckAnnouncements.Commits(state) });
                break;
            case LeaseEnded l:
                Add(SnapshotTypes.ClaimsTimeout, new ClaimTimeoutItem(l.Cid, l.Attempt, l.Miner, l.Reason) { Detail = l.Detail });
                break;
            case ProofAccepted p:
                var decision = record.Events.OfType<JobDecided>().FirstOrDefault();
                var decided = decision is not null && (decision.Check is null || decision.Parts.Any(part => part.ProofCid == p.ProofCid));
                var epoch = state.Jobs.TryGet(p.Cid, out var done) && done.Epoch > 0 ? EpochAccount.IdOf(done.Epoch) : "";
                Add(SnapshotTypes.ProofsAccepted, new ProofAcceptedItem(p.Cid, p.ProofCid, p.OutputCid, p.Attempt, p.Miner, decided ? epoch : "", decided)
                { Charge = decided ? done?.Charge : null, Usage = decided ? done?.Usage : null, Check = decided ? decision!.Check : null });
                break;
            case MinerRegistered m:
                Add(SnapshotTypes.MinersJoined, new MinerJoinedItem(m.Miner, m.Payout, m.Mode, m.Models, m.Timestamp));
                break;
            case DelegationRevoked r:
                Add(SnapshotTypes.RevocationsAccepted, new RevocationAcceptedItem(r.Name, r.Digest, r.Revocation));
                break;
            case EpochOpened o:
                Add(SnapshotTypes.EpochsOpened, new EpochOpenedItem(EpochAccount.IdOf(o.Number), o.Number, record.At));
                break;
            case JobDecided d:
                CheckAnnouncements.AddDecided(this, d, record, state);
                break;
            case EpochSealed s:
                Add(SnapshotTypes.EpochsSealed, new EpochSealedItem(EpochAccount.IdOf(s.Number), s.Cid, s.Jobs, s.Volume));
                break;
        }
    }
}
