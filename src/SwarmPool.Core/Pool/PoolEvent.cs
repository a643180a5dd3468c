using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>What was decided. <see cref="PoolState.Apply"/> is the only place where one changes anything.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(PoolStarted), "pool_started")]
[JsonDerivedType(typeof(PoolResumed), "pool_resumed")]
[JsonDerivedType(typeof(JobAccepted), "job_accepted")]
[JsonDerivedType(typeof(JobCancelled), "job_cancelled")]
[JsonDerivedType(typeof(JobClaimed), "job_claimed")]
[JsonDerivedType(typeof(LeaseRenewed), "lease_renewed")]
[JsonDerivedType(typeof(LeaseEnded), "lease_ended")]
[JsonDerivedType(typeof(JobRequeued), "job_requeued")]
[JsonDerivedType(typeof(JobFailed), "job_failed")]
[JsonDerivedType(typeof(JobBlamed), "job_blamed")]
[JsonDerivedType(typeof(JobForgotten), "job_forgotten")]
[JsonDerivedType(typeof(ProofAccepted), "proof_accepted")]
[JsonDerivedType(typeof(ReplicaAdded), "replica_added")]
[JsonDerivedType(typeof(ProofDisputed), "proof_disputed")]
[JsonDerivedType(typeof(JobDecided), "job_decided")]
[JsonDerivedType(typeof(MinerRegistered), "miner_registered")]
[JsonDerivedType(typeof(DelegationAccepted), "delegation_accepted")]
[JsonDerivedType(typeof(DelegationRevoked), "delegation_revoked")]
[JsonDerivedType(typeof(EpochOpened), "epoch_opened")]
[JsonDerivedType(typeof(EpochClosed), "epoch_closed")]
[JsonDerivedType(typeof(EpochSettled), "epoch_settled")]
[JsonDerivedType(typeof(EpochSealed), "epoch_sealed")]
internal abstract record PoolEvent;

/// <summary>A daemon began to decide: every live lease is lifted to at least now + claim timeout.</summary>
internal sealed record PoolStarted(long Term, PoolSettings Settings) : PoolEvent;

/// <summary>A daemon goes on after it was held up: live leases are lifted as by <see cref="PoolStarted"/>.</summary>
internal sealed record PoolResumed : PoolEvent;

/// <summary>
/// Delegation is the digest of the one that the job's price is booked on; null, and not written, when the client's own key signed it.
/// InputBytes and ReservedUntil belong to rules 2: the input's size, and until when only miners with standing may claim (null: nobody has a head start).
/// PackCid is what the pool bound the model to; null where it binds none. Needs is what the job asks for beside the model, Match how many miners
/// have what of it; both are null, and not written, where there is nothing to say.
/// </summary>
internal sealed record JobAccepted(
    Cid Cid, EnsName Client, string JobType, string Model, Usdc Price, long DeadlineMs, long AttemptMs, int Replicas, int Miners, string? Delegation = null,
    long? InputBytes = null, long? ReservedUntil = null, Cid? PackCid = null, JobNeeds? Needs = null, JobMatch? Match = null) : PoolEvent;

internal sealed record JobCancelled(Cid Cid) : PoolEvent;

internal sealed record JobClaimed(
    Cid Cid, int Attempt, EnsName Miner, MiningMode Mode, long Fence, long LeaseUntil, long LimitUntil) : PoolEvent;

internal sealed record LeaseRenewed(Cid Cid, long Fence, long LeaseUntil) : PoolEvent;

/// <summary>
/// A lease ended without a proof; Reason is one of <see cref="LeaseEndReasons"/>. Rules 1: the miner claims nothing until CoolDownUntil. Rules 2:
/// nothing of this client's; Counts is true when the attempt counts against the job, else null. Detail is what the miner's release says of
/// why; null, and not written, when it says nothing.
/// </summary>
internal sealed record LeaseEnded(
    Cid Cid, int Attempt, long Fence, EnsName Miner, string Reason, long CoolDownUntil, bool? Counts = null, string? Detail = null) : PoolEvent;

/// <summary>The job waits again, under a new attempt number. ReservedUntil and Match: see <see cref="JobAccepted"/>.</summary>
internal sealed record JobRequeued(Cid Cid, int Attempt, int Miners, long? ReservedUntil = null, JobMatch? Match = null) : PoolEvent;

/// <summary>The job will not be done; Reason is "expired", "max_attempts" or "no_agreement".</summary>
internal sealed record JobFailed(Cid Cid, string Reason) : PoolEvent;

/// <summary>
/// Every attempt at the job was given back as failed, each by another miner: it is the job that is at fault. The strikes that it
/// gave are taken back, and its client takes a strike; ClientPauseUntil is 0 at its first.
/// </summary>
internal sealed record JobBlamed(Cid Cid, EnsName Client, IReadOnlyList<EnsName> Miners, long ClientPauseUntil) : PoolEvent;

/// <summary>The job's identity need not be remembered any longer.</summary>
internal sealed record JobForgotten(Cid Cid) : PoolEvent;

internal sealed record ProofAccepted(
    Cid Cid, int Attempt, long Fence, EnsName Miner, EthAddress Payee, Cid ProofCid, Cid OutputCid, string Verifier) : PoolEvent;

/// <summary>The verifier could not tell from the replicas so far: one more is asked for.</summary>
internal sealed record ReplicaAdded(Cid Cid) : PoolEvent;

/// <summary>
/// The replicas did not agree, and this miner's proof is among those that nobody has reason to believe: it claims nothing of the client's
/// until CoolDownUntil. Rules 2.
/// </summary>
internal sealed record ProofDisputed(Cid Cid, EnsName Miner, long CoolDownUntil) : PoolEvent;

/// <summary>The job is done: its price counts in the open epoch, in these parts, which sum to it.</summary>
internal sealed record JobDecided(Cid Cid, IReadOnlyList<PaidPart> Parts) : PoolEvent;

internal sealed record PaidPart(Cid ProofCid, EnsName Miner, EthAddress Payee, MiningMode Mode, Usdc Price);

/// <summary>
/// Delegation is the digest of the one by which a session key signed it; InPlaceOf is the miner that had done nothing for long and is forgotten,
/// since there was no other place. Both are null, and not written, where there is none, as is Offers, what the miner says of its models.
/// </summary>
internal sealed record MinerRegistered(
    EnsName Miner, EthAddress Payout, MiningMode Mode, IReadOnlyList<string> Models, IReadOnlyList<string> Gpus, long Timestamp, Cid Registration,
    string? Delegation = null, EnsName? InPlaceOf = null, IReadOnlyList<ModelOffer>? Offers = null) : PoolEvent;

/// <summary>A delegation was used for the first time. Those that have expired by now are forgotten.</summary>
internal sealed record DelegationAccepted(EnsName Name, string Digest, long ExpiresMs, string Role, EthAddress Key, Usdc? Cap) : PoolEvent;

/// <summary>A name took a delegation back; it is remembered until it would have expired.</summary>
internal sealed record DelegationRevoked(EnsName Name, string Digest, long ExpiresMs, Cid Revocation) : PoolEvent;

/// <summary>Rules is null while they stay the same.</summary>
internal sealed record EpochOpened(long Number, string OpeningState, int? Rules = null) : PoolEvent;

internal sealed record EpochClosed(long Number) : PoolEvent;

internal sealed record EpochSettled(long Number, string PolicyState, bool PolicyReplaced) : PoolEvent;

internal sealed record EpochSealed(long Number, Cid Cid, long Jobs, Usdc Volume) : PoolEvent;
