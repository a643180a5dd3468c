using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>
/// What the types can't say of a snapshot's fields: lengths, characters, ranges, counts. Only form is judged here; whether a
/// job is wanted, a deadline passed or a fence live is for the pool's rules.
/// </summary>
internal static class FieldRules
{
    private const int MostGpus = 64;
    private const int MostModels = 256;

    /// <summary>Null, or the first field that is wrong.</summary>
    public static Refusal? Check(Snapshot snapshot) =>
        Field.Network("$.network", snapshot.Network)
        ?? Field.Range("$.timestamp", snapshot.Timestamp, 0)
        ?? Field.Nonce("$.nonce", snapshot.Nonce)
        ?? snapshot switch
        {
            JobSnapshot job => Job(job),
            RegistrationSnapshot registration => Registration(registration),
            HeartbeatSnapshot heartbeat => Heartbeat(heartbeat),
            ClaimSnapshot claim => Field.Range("$.attempt", claim.Attempt, 1, int.MaxValue),
            ReleaseSnapshot release => Release(release),
            ProofSnapshot proof => Proof(proof),
            CommitmentSnapshot commitment => CheckFields.Commitment(commitment),
            CheckSnapshot check => CheckFields.Check(check),
            DelegationSnapshot delegation => DelegationFields.Delegation(delegation),
            RevocationSnapshot revocation => DelegationFields.Revocation(revocation),
            Announcement announcement => AnnouncementRules.Check(announcement),
            PoolStateSnapshot state => StateAndEpochFieldRules.State(state),
            EpochSnapshot epoch => StateAndEpochFieldRules.Epoch(epoch),
            _ => null,
        };

    public static Refusal? Models(string path, IReadOnlyList<string> models) =>
        Field.Count(path, models, 1, MostModels) ?? Field.Each(path, models, Field.Model);

    private static Refusal? Job(JobSnapshot job) =>
        Field.JobType("$.job_type", job.JobType)
        ?? Field.Model("$.model", job.Model)
        ?? Field.OneOf("$.payment.currency", job.Payment.Currency, "USDC")
        ?? RatesFields.Rates("$.payment.rates", job.Payment.Rates)
        ?? Field.Range("$.deadline", job.Deadline, 0)
        ?? Field.Range("$.time_limit_seconds", job.TimeLimitSeconds, 1, int.MaxValue)
        ?? Field.Range("$.replicas", job.Replicas, 1, 5)
        ?? (job.Check is { } check ? Field.OneOf("$.check", check, JobChecks.Always) : null);

    private static Refusal? Registration(RegistrationSnapshot registration) =>
        Field.Count("$.gpus", registration.Gpus, 0, MostGpus)
        ?? Field.Each("$.gpus", registration.Gpus, static (path, gpu) => Field.Text(path, gpu, Field.FreeText))
        ?? Models("$.models", registration.Models);

    private static Refusal? Heartbeat(HeartbeatSnapshot heartbeat) =>
        Field.OneOf("$.status", heartbeat.Status, SnapshotStatuses.Idle, SnapshotStatuses.Busy)
        ?? Field.Range("$.fence", heartbeat.Fence, 1)
        ?? Field.Range("$.progress", heartbeat.Progress, 0, 100)
        ?? Field.Range("$.stats.jobs_completed", heartbeat.Stats?.JobsCompleted, 0)
        ?? Field.Range("$.stats.started_at", heartbeat.Stats?.StartedAt, 0);

    private static Refusal? Release(ReleaseSnapshot release) =>
        Field.Range("$.attempt", release.Attempt, 1, int.MaxValue)
        ?? Field.Range("$.fence", release.Fence, 1)
        ?? Field.OneOf("$.reason", release.Reason, LeaseEndReasons.Released, LeaseEndReasons.Failed)
        ?? Field.Line("$.detail", release.Detail, Field.Detail);

    // A status other than "completed" is well formed and never paid: the pool answers it with its own code (SP3203).
    private static Refusal? Proof(ProofSnapshot proof) =>
        Field.Range("$.attempt", proof.Attempt, 1, int.MaxValue)
        ?? Field.Range("$.fence", proof.Fence, 1)
        ?? Field.Identifier("$.status", proof.Status)
        ?? Field.Digest("$.proof_hash", proof.ProofHash)
        ?? Field.Decimal("$.metrics.inference_seconds", proof.Metrics.InferenceSeconds)
        ?? Field.Decimal("$.metrics.confidence", proof.Metrics.Confidence)
        ?? Field.Model("$.metrics.model", proof.Metrics.Model)
        ?? Field.Digest("$.metrics.model_sha256", proof.Metrics.ModelSha256)
        ?? Field.Text("$.metrics.runtime", proof.Metrics.Runtime, Field.FreeText)
        ?? Field.Text("$.metrics.device", proof.Metrics.Device, Field.FreeText)
        ?? Field.Text("$.metrics.precision", proof.Metrics.Precision, Field.FreeText)
        ?? CheckFields.Reveal(proof);
}

/// <summary>The forms of the fields of what a pool publishes about itself: its state and its epochs.</summary>
internal static class StateAndEpochFieldRules
{
    private const int MostModels = 64;

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
        ?? Field.Range("$.claim_timeout_seconds", state.ClaimTimeoutSeconds, 1, int.MaxValue)
        ?? Field.Count("$.models", state.Models ?? [], 0, MostModels)
        ?? Field.Each("$.models", state.Models ?? [], static (path, model) => Field.Model($"{path}.alias", model.Alias))
        ?? Field.Count("$.prices", state.Prices ?? [], 0, MostModels)
        ?? Field.Each("$.prices", state.Prices ?? [], RatesFields.Price)
        ?? Field.Digest("$.draw_commitment", state.DrawCommitment);

    public static Refusal? Epoch(EpochSnapshot epoch) =>
        Field.Identifier("$.epoch_id", epoch.EpochId)
        ?? Field.Range("$.number", epoch.Number, 1)
        ?? Field.OneOf("$.status", epoch.Status, SnapshotStatuses.Sealed)
        ?? Field.Range("$.started_at", epoch.StartedAt, 0)
        ?? Field.Range("$.ended_at", epoch.EndedAt, epoch.StartedAt)
        ?? Field.Range("$.jobs_count", epoch.JobsCount, 0)
        ?? Field.Range("$.proofs_count", epoch.ProofsCount, 0)
        ?? Field.Root("$.merkle_root", epoch.MerkleRoot)
        ?? Field.Text("$.policy.name", epoch.Policy.Name, Field.FreeText)
        ?? Field.Text("$.policy.version", epoch.Policy.Version, Field.FreeText)
        ?? Field.Digest("$.policy.sha256", epoch.Policy.Sha256)
        ?? (epoch.Settlements.Declared is { } declared ? Field.Count("$.settlements.declared", declared, 1, DeclaredPayee.Most) : null)
        ?? Field.Root("$.payout_root", epoch.PayoutRoot)
        ?? Field.Digest("$.opening_state", epoch.OpeningState)
        ?? Field.Range("$.from_sequence", epoch.FromSequence, 1)
        ?? Field.Range("$.to_sequence", epoch.ToSequence, epoch.FromSequence)
        ?? Field.Digest("$.journal_root", epoch.JournalRoot)
        ?? Field.Digest("$.draw.commitment", epoch.Draw?.Commitment)
        ?? Field.Digest("$.draw.secret", epoch.Draw?.Secret)
        ?? Field.Range("$.work_from", epoch.WorkFrom, 1)
        ?? Field.Range("$.work_to", epoch.WorkTo, 0);
}
