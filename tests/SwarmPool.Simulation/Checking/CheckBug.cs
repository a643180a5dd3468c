namespace SwarmPool.Simulation.Checking;

/// <summary>A mistake in the rules of checks, put in on purpose, to see that the simulation finds it.</summary>
public enum CheckBug
{
    None = 0,

    /// <summary>An answer that is drawn is taken as if it was not.</summary>
    DrawnIsNotChecked,

    /// <summary>Newcomers are drawn as rarely as those who are known.</summary>
    NewcomersAreDrawnRarely,

    /// <summary>A proof counts that does not open its commitment.</summary>
    CommitmentIsNotOpened,

    /// <summary>A miner may bind itself to another answer.</summary>
    CommitmentMayChange,

    /// <summary>An answer may be shown before the others are bound to theirs.</summary>
    ShownBeforeOthersCommit,

    /// <summary>A second name of the executor's payee checks it.</summary>
    CheckerOfTheSamePayee,

    /// <summary>A second name of a payee does another replica.</summary>
    ReplicaOfTheSamePayee,

    /// <summary>Somebody checks who is not the first by the secret.</summary>
    AnybodyChecks,

    /// <summary>Who is outvoted is paid.</summary>
    OutvotedIsPaid,

    /// <summary>Who was wrong keeps what is held.</summary>
    HeldWorkIsKept,

    /// <summary>A wrong answer is no strike with its client.</summary>
    DissentIsFree,

    /// <summary>A check without a result is paid.</summary>
    ChecksArePaidForNothing,

    /// <summary>A check of an answer that nobody pays for is paid.</summary>
    ChecksOfRefusedWorkArePaid,

    /// <summary>A checker whose check was refuted is not marked.</summary>
    SlanderIsFree,

    /// <summary>A checker whose checks were refuted goes on checking.</summary>
    MarkedGoesOnChecking,

    /// <summary>Whoever shows nothing is treated as if it had given the job back.</summary>
    WithholdingIsFree,

    /// <summary>A job expires while its answers wait to be checked.</summary>
    WaitingJobExpires,

    /// <summary>A check that runs out counts against the work.</summary>
    LapsedCheckCountsAsWrong,

    /// <summary>One checker's word is enough to refuse an answer.</summary>
    OneAgainstOneIsWrong,

    /// <summary>The payee may change between commitment and proof.</summary>
    PayeeMayChange,

    /// <summary>Whose answer was refused may answer again.</summary>
    RefusedMayAnswerAgain,

    /// <summary>What nobody checked is called right.</summary>
    UncheckedIsCalledRight,

    /// <summary>Scores that fail don't count in the sequential test.</summary>
    FailedScoresDoNotCount,

    /// <summary>A payee that is flagged is paid.</summary>
    FlaggedIsPaid,
}
