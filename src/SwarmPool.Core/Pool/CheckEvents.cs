using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>What the draws of the open epoch are made by is fixed: Commitment is the SHA-256 of the secret, which is in the record's facts. Rules 3.</summary>
internal sealed record DrawOpened(long Number, string Commitment) : PoolEvent;

/// <summary>
/// A miner bound itself to an answer, by its claim's fence or its check's; Payee is who is paid for it. Drawn is null for a check. RevealUntil is
/// null while it has to wait; CheckUntil is until when checkers are looked for, null when it is not drawn.
/// </summary>
internal sealed record ProofCommitted(
    Cid Cid, int Attempt, long Fence, EnsName Miner, EthAddress Payee, string Commitment, bool? Drawn = null, long? RevealUntil = null, long? CheckUntil = null) : PoolEvent;

/// <summary>All commitments are in: those who waited show their answers now.</summary>
internal sealed record RevealAsked(Cid Cid, IReadOnlyList<long> Fences, long RevealUntil) : PoolEvent;

/// <summary>
/// A miner is given a check; Kind is one of <see cref="CheckKinds"/>, Payee where its name is paid now. DisputeUntil is until when a third is looked
/// for, where this begins to; else null.
/// </summary>
internal sealed record CheckAssigned(
    Cid Cid, int Attempt, long Fence, EnsName Miner, EthAddress Payee, string Kind, long LeaseUntil, long LimitUntil, long? DisputeUntil = null) : PoolEvent;

/// <summary>Nobody who could check it is free; asked again then. DisputeUntil: see <see cref="CheckAssigned"/>.</summary>
internal sealed record CheckPostponed(Cid Cid, long Until, long? DisputeUntil = null) : PoolEvent;

/// <summary>A check ended without a result: Reason is one of <see cref="LeaseEndReasons"/>, or "none". It says nothing of the work.</summary>
internal sealed record CheckEnded(Cid Cid, int Attempt, long Fence, EnsName Miner, string Reason, string? Detail = null) : PoolEvent;

/// <summary>A checker showed its own answer to the job; Class and Usage as in <see cref="ProofAccepted"/>.</summary>
internal sealed record CheckProved(
    Cid Cid, int Attempt, long Fence, EnsName Miner, EthAddress Payee, Cid ProofCid, Cid OutputCid, string Verifier, string Class, JobUsage? Usage = null) : PoolEvent;

/// <summary>A checker scored an answer; Grade is "pass", "grey", "fail", or "none" where no calibration says what the scores mean.</summary>
internal sealed record CheckScored(
    Cid Cid, long Fence, EnsName Miner, Cid ProofCid, int Positions, int ExactWins, long MarginMicro, long TopDistanceMicro, string Grade) : PoolEvent;

/// <summary>All scores of an answer together: Fails when more of those who scored it say so. LlrMilliNats is where the sequential test stands now.</summary>
internal sealed record ScoreJudged(Cid Cid, EthAddress Payee, string Model, bool Fails, long LlrMilliNats) : PoolEvent;

/// <summary>A miner showed too late what it had committed to in time, and it is what the job was decided by: its mark is taken back.</summary>
internal sealed record LateRevealed(Cid Cid, long Fence, EnsName Miner, EthAddress Payee, string Model) : PoolEvent;

/// <summary>
/// A check is over. Verdict is one of <see cref="CheckVerdicts"/>, of the work that was checked; Marked is true when it was the checker whose
/// work was refuted, else null.
/// </summary>
internal sealed record CheckDecided(Cid Cid, long Fence, EnsName Checker, EthAddress Payee, string Verdict, Usdc Fee, bool? Marked = null) : PoolEvent;

/// <summary>
/// A miner's work was found wrong. The job is refused, and all work of its payee with the model that is held is never paid. Reason is one of
/// <see cref="RefuseReasons"/>.
/// </summary>
/// <remarks>Whether that follows, <see cref="RefuseReasons.Strikes"/> says.</remarks>
internal sealed record WorkRefused(Cid Cid, long Fence, EnsName Miner, EthAddress Payee, string Model, string Reason) : PoolEvent;

/// <summary>Why work was refused.</summary>
internal static class RefuseReasons
{
    /// <summary>More than half of those who did the job got something else.</summary>
    public const string Outvoted = "outvoted";

    /// <summary>The scores of its checked answers are those of somebody who cheats.</summary>
    public const string Scores = "scores";

    /// <summary>It withheld an answer that was drawn, not for the first time.</summary>
    public const string Withheld = "withheld";

    /// <summary>Its answer failed when it was scored: it may not do this job again, and nothing else follows.</summary>
    public const string Failed = "failed";

    /// <summary>More than half got something else, but none of them computes as it does: it may not do this job again, and nothing else follows.</summary>
    public const string OtherClass = "other_class";

    /// <summary>Whether it is found wrong, so that what is held is never paid.</summary>
    public static bool Strikes(string reason) => reason is Outvoted or Scores or Withheld;
}
