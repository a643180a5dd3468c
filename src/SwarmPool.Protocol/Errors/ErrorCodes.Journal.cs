namespace SwarmPool.Protocol.Errors;

/// <content>The journal's.</content>
public static partial class ErrorCodes
{
    /// <summary>SP4001: Another process holds the journal, and this daemon may not stand by.</summary>
    public const string JournalHeld = "SP4001";

    /// <summary>SP4002: The journal belongs to another pool.</summary>
    public const string JournalOfOtherPool = "SP4002";

    /// <summary>SP4003: The journal's records don't chain.</summary>
    public const string JournalDamaged = "SP4003";

    /// <summary>SP4004: An append failed: no room, no rights, or the records don't follow the journal's last one. The process ends rather than go on in doubt.</summary>
    public const string JournalAppendFailed = "SP4004";

    /// <summary>SP4005: The pool has published a head that this journal doesn't hold.</summary>
    public const string JournalBehindPublished = "SP4005";

    /// <summary>SP4006: The journal's store can't be reached or read.</summary>
    public const string JournalUnreadable = "SP4006";

    /// <summary>SP4007: The daemon stood still for longer than its lease and was replaced, or the store didn't answer for three leases. It appended nothing since.</summary>
    public const string LeaseLost = "SP4007";

    /// <summary>SP4008: The journal's store may lose what it acknowledged.</summary>
    public const string JournalNotDurable = "SP4008";

    /// <summary>SP4009: A record after the last that the pool has signed is not what a daemon of it would have written: decided again by the rules, or asked again of names, verifier or policy, it comes out otherwise, or there is no answer now. Nothing is led on it.</summary>
    public const string JournalNotAsDecided = "SP4009";

    /// <summary>SP4010: Others than the user who runs the daemon could open the journal's files, or write in their folder. Where the files are the daemon's own it takes that from them and warns; where they are another user's, it ends.</summary>
    public const string JournalExposed = "SP4010";

    /// <summary>SP4011: The daemon's machine has a clock that jumped by more than 2 s, or that is behind the journal's last record. It goes on: while the clock is ahead it decides nothing until it is back or has stayed (30 s, a quarter of a claim's lease where that is less); while it is behind the pool's time goes on at half speed.</summary>
    public const string ClockJumped = "SP4011";
}
