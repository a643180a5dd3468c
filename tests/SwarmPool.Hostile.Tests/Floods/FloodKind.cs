namespace SwarmPool.Hostile.Tests.Floods;

/// <summary>What a stranger with many connections and four free names pours over a pool.</summary>
internal enum FloodKind
{
    /// <summary>What honest parties signed, over and over.</summary>
    SaidAgain,

    /// <summary>Claims in the right form that nobody signed.</summary>
    UnsignedClaims,

    /// <summary>Signed jobs, each taken back at once.</summary>
    SubmitAndCancel,

    /// <summary>Subscribers that read nothing, and something for them not to read.</summary>
    DeafSubscribers,

    /// <summary>Connections that say nothing.</summary>
    IdleConnections,
}
