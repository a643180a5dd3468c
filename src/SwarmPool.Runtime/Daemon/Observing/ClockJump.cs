namespace SwarmPool.Runtime.Daemon.Observing;

/// <summary>What is known of a jump of the machine's clock.</summary>
public enum ClockJumpPhase
{
    /// <summary>The clock is not where it should be by the time that has passed. Before it is known whether it stays nothing is decided by it.</summary>
    Noticed = 0,

    /// <summary>The clock went back to where it was: the jump had no effect.</summary>
    GoneBack,

    /// <summary>The clock stayed: from now on the pool goes by it.</summary>
    Accepted,

    /// <summary>The clock is behind the last record in the journal. Until it has caught up the pool's time goes on at half speed.</summary>
    BehindJournal,
}

/// <summary>A jump of the machine's clock.</summary>
/// <param name="By">How far: above zero is ahead.</param>
/// <param name="Phase">What is known of it.</param>
internal sealed record ClockJump(TimeSpan By, ClockJumpPhase Phase);
