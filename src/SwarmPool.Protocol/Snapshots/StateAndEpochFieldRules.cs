using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>The forms of the fields of what a pool publishes about itself: its state and its epochs.</summary>
internal static class StateAndEpochFieldRules
{
    public static Refusal? State(PoolStateSnapshot state) =>
        Field.Range("$.term", state.Term, 0)
        ?? Field.Range("$.sequence", state.Sequence, 0)
        ?? Field.Digest("$.journal_head", state.JournalHead)
        ?? Field.Range("$.rules", state.Rules, 1, int.MaxValue)
        ?? Field.Range("$.total_jobs", state.TotalJobs, 0)
        ?? Field.Range("$.total_proofs", state.TotalProofs, 0)
        ?? Field.Identifier("$.current_epoch", state.CurrentEpoch)
        ?? Field.Range("$.epoch_jobs", state.EpochJobs, 0)
        ?? Field.Range("$.last_epoch_seal", state.LastEpochSeal, 0)
        ?? Field.Range("$.pending_count", state.PendingCount, 0)
        ?? Field.Range("$.claimed_count", state.ClaimedCount, 0)
        ?? Field.Range("$.miner_count", state.MinerCount, 0)
        ?? Field.Range("$.online_miners", state.OnlineMiners, 0)
        ?? Field.Range("$.heartbeat_seconds", state.HeartbeatSeconds, 1, int.MaxValue)
        ?? Field.Range("$.claim_timeout_seconds", state.ClaimTimeoutSeconds, 1, int.MaxValue);

    public static Refusal? Epoch(EpochSnapshot epoch) =>
        Field.Identifier("$.epoch_id", epoch.EpochId)
        ?? Field.Range("$.number", epoch.Number, 1)
        ?? Field.OneOf("$.status", epoch.Status, "sealed")
        ?? Field.Range("$.started_at", epoch.StartedAt, 0)
        ?? Field.Range("$.ended_at", epoch.EndedAt, epoch.StartedAt)
        ?? Field.Range("$.jobs_count", epoch.JobsCount, 0)
        ?? Field.Range("$.proofs_count", epoch.ProofsCount, 0)
        ?? Field.Root("$.merkle_root", epoch.MerkleRoot)
        ?? Field.Text("$.policy.name", epoch.Policy.Name, Field.FreeText)
        ?? Field.Text("$.policy.version", epoch.Policy.Version, Field.FreeText)
        ?? Field.Digest("$.policy.sha256", epoch.Policy.Sha256)
        ?? Field.Root("$.payout_root", epoch.PayoutRoot)
        ?? Field.Digest("$.opening_state", epoch.OpeningState)
        ?? Field.Range("$.from_sequence", epoch.FromSequence, 1)
        ?? Field.Range("$.to_sequence", epoch.ToSequence, epoch.FromSequence)
        ?? Field.Digest("$.journal_root", epoch.JournalRoot);
}
