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
[JsonDerivedType(typeof(DrawOpened), "draw_opened")]
[JsonDerivedType(typeof(ProofCommitted), "proof_committed")]
[JsonDerivedType(typeof(RevealAsked), "reveal_asked")]
[JsonDerivedType(typeof(CheckAssigned), "check_assigned")]
[JsonDerivedType(typeof(CheckPostponed), "check_postponed")]
[JsonDerivedType(typeof(CheckEnded), "check_ended")]
[JsonDerivedType(typeof(CheckProved), "check_proved")]
[JsonDerivedType(typeof(CheckScored), "check_scored")]
[JsonDerivedType(typeof(ScoreJudged), "score_judged")]
[JsonDerivedType(typeof(LateRevealed), "late_revealed")]
[JsonDerivedType(typeof(CheckDecided), "check_decided")]
[JsonDerivedType(typeof(WorkRefused), "work_refused")]
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
/// PackCid is what the pool bound the model to; null where it binds none. Check is "always" where the client asks for that under rules 3, else null.
/// Rates are what it pays for what is counted, up to its price; null where it pays its price.
/// </summary>
internal sealed record JobAccepted(
    Cid Cid, EnsName Client, string JobType, string Model, Usdc Price, long DeadlineMs, long AttemptMs, int Replicas, int Miners, string? Delegation = null,
    long? InputBytes = null, long? ReservedUntil = null, Cid? PackCid = null, string? Check = null, JobRates? Rates = null) : PoolEvent;

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

/// <summary>The job waits again, under a new attempt number. ReservedUntil: see <see cref="JobAccepted"/>.</summary>
internal sealed record JobRequeued(Cid Cid, int Attempt, int Miners, long? ReservedUntil = null) : PoolEvent;

/// <summary>The job will not be done; Reason is "expired", "max_attempts", "no_agreement" or "unchecked".</summary>
internal sealed record JobFailed(Cid Cid, string Reason) : PoolEvent;

/// <summary>
/// Every attempt at the job was given back as failed, each by another miner: it is the job that is at fault. The strikes that it
/// gave are taken back, and its client takes a strike; ClientPauseUntil is 0 at its first.
/// </summary>
internal sealed record JobBlamed(Cid Cid, EnsName Client, IReadOnlyList<EnsName> Miners, long ClientPauseUntil) : PoolEvent;

/// <summary>The job's identity need not be remembered any longer.</summary>
internal sealed record JobForgotten(Cid Cid) : PoolEvent;

/// <summary>
/// Class says what the answer was computed with (<see cref="NumericClasses"/>); null, and not written, before rules 3. Usage is what was counted for it; null, and
/// not written, where the job pays its price.
/// </summary>
internal sealed record ProofAccepted(
    Cid Cid, int Attempt, long Fence, EnsName Miner, EthAddress Payee, Cid ProofCid, Cid OutputCid, string Verifier, string? Class = null, JobUsage? Usage = null) : PoolEvent;

/// <summary>The verifier could not tell from the replicas so far: one more is asked for.</summary>
internal sealed record ReplicaAdded(Cid Cid) : PoolEvent;

/// <summary>
/// The replicas did not agree, and this miner's proof is among those that nobody has reason to believe: it claims nothing of the client's
/// until CoolDownUntil. Rules 2.
/// </summary>
internal sealed record ProofDisputed(Cid Cid, EnsName Miner, long CoolDownUntil) : PoolEvent;

/// <summary>The job is done: what it costs counts in the open epoch, in these parts, which sum to it. That is its price, or less where it pays by what is counted.</summary>
/// <remarks>Model (what miners offer: <see cref="JobEntry.Wanted"/>), Client and Check (<see cref="ProofChecks"/>) belong to rules 3; null, and not written, before. Usage is what it is charged for; null where it pays its price.</remarks>
internal sealed record JobDecided(Cid Cid, IReadOnlyList<PaidPart> Parts, string? Model = null, EnsName? Client = null, string? Check = null, JobUsage? Usage = null) : PoolEvent;

internal sealed record PaidPart(Cid ProofCid, EnsName Miner, EthAddress Payee, MiningMode Mode, Usdc Price);

/// <summary>
/// Delegation is the digest of the one by which a session key signed it; InPlaceOf is the miner that had done nothing for long and is forgotten,
/// since there was no other place. Both are null, and not written, where there is none.
/// </summary>
internal sealed record MinerRegistered(
    EnsName Miner, EthAddress Payout, MiningMode Mode, IReadOnlyList<string> Models, IReadOnlyList<string> Gpus, long Timestamp, Cid Registration,
    string? Delegation = null, EnsName? InPlaceOf = null) : PoolEvent;

/// <summary>A delegation was used for the first time. Those that have expired by now are forgotten.</summary>
internal sealed record DelegationAccepted(EnsName Name, string Digest, long ExpiresMs, string Role, EthAddress Key, Usdc? Cap) : PoolEvent;

/// <summary>A name took a delegation back; it is remembered until it would have expired.</summary>
internal sealed record DelegationRevoked(EnsName Name, string Digest, long ExpiresMs, Cid Revocation) : PoolEvent;

/// <summary>Rules is null while they stay the same.</summary>
internal sealed record EpochOpened(long Number, string OpeningState, int? Rules = null) : PoolEvent;

/// <summary>
/// Under rules 3 it says whose work is paid with this epoch: that of the epochs from ReleasesFrom to ReleasesTo (none when that is less), without what
/// was struck. All three are null, and not written, before; Struck also when nothing was.
/// </summary>
internal sealed record EpochClosed(long Number, long? ReleasesFrom = null, long? ReleasesTo = null, IReadOnlyList<StruckWork>? Struck = null) : PoolEvent;

/// <summary>Work of a payee with a model that is not paid, all that was decided up to a record.</summary>
internal sealed record StruckWork(EthAddress Payee, string Model, long UpTo);

internal sealed record EpochSettled(long Number, string PolicyState, bool PolicyReplaced) : PoolEvent;

internal sealed record EpochSealed(long Number, Cid Cid, long Jobs, Usdc Volume) : PoolEvent;
