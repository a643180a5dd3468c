namespace SwarmPool.Protocol.Errors;

/// <content>Those of epochs and settlement.</content>
public static partial class ErrorCodes
{
    /// <summary>SP3401: The settlement policy threw.</summary>
    public const string PolicyThrew = "SP3401";

    /// <summary>SP3402: The policy took too long.</summary>
    public const string PolicyTimedOut = "SP3402";

    /// <summary>SP3403: The payouts are not exactly the epoch's volume, or one is negative.</summary>
    public const string SettlementSum = "SP3403";

    /// <summary>SP3404: The policy pays a payee that the ledger doesn't know.</summary>
    public const string SettlementPayee = "SP3404";

    /// <summary>SP3405: The policy paid differently when run twice.</summary>
    public const string SettlementUnstable = "SP3405";

    /// <summary>SP3406: The policy's state exceeds 32 KiB.</summary>
    public const string PolicyStateTooLarge = "SP3406";

    /// <summary>SP3407: The epoch is still open, or settled already.</summary>
    public const string EpochNotClosed = "SP3407";

    /// <summary>SP3408: The checkpoint is damaged, of another pool, or later than the audited epoch.</summary>
    public const string CheckpointUnusable = "SP3408";

    /// <summary>SP3409: Somebody is paid besides miners and operations whom the policy doesn't declare.</summary>
    public const string PayeeUndeclared = "SP3409";

    /// <summary>SP3410: The policy took more memory than it may.</summary>
    public const string PolicyTookMemory = "SP3410";

    /// <summary>SP3411: The policy ended the process that it ran in: by a stack overflow, an exit, a crash.</summary>
    public const string PolicyEndedProcess = "SP3411";

    /// <summary>SP3420: The settlement is not of the work that the epoch releases: its sum is another.</summary>
    public const string SettlementOfOtherWork = "SP3420";

    /// <summary>SP3421: An epoch does not pay checkers what their checks are worth, out of the operations' part.</summary>
    public const string CheckersPaid = "SP3421";
}
