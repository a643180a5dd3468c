namespace SwarmPool.Simulation.Bugs;

/// <summary>A mistake put in on purpose, to see that the simulation finds it. PN is the pitfall that it repeats.</summary>
public enum Bug
{
    None = 0,

    /// <summary>A job that comes back keeps its attempt, so that miners who closed it never take it again.</summary>
    P14_RequeueKeepsTheAttempt,

    /// <summary>A proof that lands while an epoch is closed and not yet sealed is taken and never decided.</summary>
    P15_ProofWhileSealingIsNotDecided,

    /// <summary>Signing the same epoch again gives other bytes.</summary>
    P16_SealingAgainSignsAnother,

    /// <summary>A proof whose claim ran out while its output was fetched makes the handler throw.</summary>
    P17_LateProofThrows,

    /// <summary>A proof counts although its claim ran out while its output was fetched.</summary>
    P17_LateProofIsTaken,

    /// <summary>Taking the proof and deciding the job are two records.</summary>
    P18_ProofAndDecisionApart,

    /// <summary>The daemon's message loop waits for what a stranger's CID names.</summary>
    P19_LoopAwaitsFetches,

    /// <summary>Claims that run out cost nothing.</summary>
    P20_NoCoolDown,

    /// <summary>One miner may hold as many claims as it likes.</summary>
    P20_NoClaimCap,

    /// <summary>Heartbeats renew nothing.</summary>
    P21_NoRenewal,

    /// <summary>A job that has ended is accepted again when it is sent again.</summary>
    P10_EndedJobIsAcceptedAgain,

    /// <summary>A payout goes to where the last sender of a proof wants it.</summary>
    P13_PayeeOfAnother,

    /// <summary>Replicas' shares are rounded down.</summary>
    P03_SharesLoseTheRemainder,

    /// <summary>A replica is asked for that neither the client signed for nor the verifier wants.</summary>
    ReplicaThatNobodyAskedFor,

    /// <summary>Two miners get one fence.</summary>
    FenceIsUsedAgain,

    /// <summary>A claim on a claimed job is taken.</summary>
    SecondClaimIsTaken,

    /// <summary>Claims end half a lease early.</summary>
    LeaseEndsEarly,

    /// <summary>Whoever gives a job back as failed uses up one of its attempts.</summary>
    StrangersUseUpAttempts,

    /// <summary>A miner that one client has a strike against may not claim anybody's jobs.</summary>
    StrikesCountWithEverybody,

    /// <summary>A job that is kept for miners with standing is given to whoever claims it.</summary>
    ReservedJobIsGivenAway,

    /// <summary>The journal answers before it is durable; a crash loses the last batch.</summary>
    JournalAnswersTooEarly,

    /// <summary>The journal takes batches of a daemon that was taken over.</summary>
    JournalForgetsTheFence,

    /// <summary>The journal keeps the first record of a batch alone when the daemon dies just then.</summary>
    JournalTearsBatches,

    /// <summary>A settlement that loses a micro-unit.</summary>
    PolicyLosesAMicroUnit,

    /// <summary>The epoch's ledger misses the last record when it is read.</summary>
    LedgerMissesTheLastRecord,

    /// <summary>Contents that were stored are gone when the daemon dies.</summary>
    StoreForgetsUnpinned,

    /// <summary>Any key may sign for any name.</summary>
    P11_AnyKeySigns,

    /// <summary>The journal takes the cursors of a daemon that was taken over.</summary>
    CursorForgetsTheFence,

    /// <summary>The fence is looked at when an append sets out, and not when it is written.</summary>
    FenceIsCheckedTooEarly,

    /// <summary>Two leases in a row have one fence.</summary>
    LeaseHasAnOldFence,

    /// <summary>Whether a lease has run out is told by the clock of whoever asks for it.</summary>
    LeaseByTheAskersClock,

    /// <summary>A daemon that was taken over gives back the lease of the one that took over.</summary>
    ReleaseFreesAnyLease,

    /// <summary>A standby leads from what it had applied, without what came after.</summary>
    NewLeaderMissesTheTail,

    /// <summary>A standby that takes over says nothing of what was decided and not said.</summary>
    NewLeaderSkipsTheBacklog,

    /// <summary>A daemon that was taken over does not hear of it and goes on speaking.</summary>
    LeaderGoesOnSpeaking,

    /// <summary>A miner goes by its own clock, and not by the pool's, when it renews its claims.</summary>
    MinerGoesByItsOwnClock,
}
