namespace SwarmPool.Tools.Adversaries;

/// <summary>What came of many jobs.</summary>
internal sealed class Tally
{
    public long Jobs { get; set; }

    public long Drawn { get; set; }

    /// <summary>Checks that were done: runs, or passes of scores.</summary>
    public long Checks { get; set; }

    /// <summary>Jobs that another had to do.</summary>
    public long Redone { get; set; }

    public long Refused { get; set; }

    public long RightRefused { get; set; }

    /// <summary>Times that a payee was found wrong, and lost what was held.</summary>
    public long Struck { get; set; }

    public long WrongGiven { get; set; }

    public long WrongAccepted { get; set; }

    public long WrongPaid { get; set; }

    public long RightPaid { get; set; }

    /// <summary>What checkers were paid, in micro-USDC.</summary>
    public long Fees { get; set; }

    /// <summary>Checks that the adversary was given, and what it was paid for them.</summary>
    public long OwnChecks { get; set; }

    public long OwnFees { get; set; }
}
