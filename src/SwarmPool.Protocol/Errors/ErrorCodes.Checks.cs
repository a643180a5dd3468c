namespace SwarmPool.Protocol.Errors;

/// <content>Work that is checked.</content>
public static partial class ErrorCodes
{
    // Jobs

    /// <summary></summary>
    public const string NotChecked = "SP3022";

    // Claims

    /// <summary></summary>
    public const string PayeeTakesPart = "SP3112";

    /// <summary></summary>
    public const string AnswerWasRefused = "SP3113";

    // Proofs

    /// <summary></summary>
    public const string CommitmentMissing = "SP3211";

    /// <summary></summary>
    public const string CommitmentMismatch = "SP3212";

    /// <summary></summary>
    public const string CommittedOtherwise = "SP3213";

    /// <summary></summary>
    public const string RevealTooEarly = "SP3214";

    /// <summary></summary>
    public const string CheckOver = "SP3215";

    /// <summary></summary>
    public const string WorkFoundWrong = "SP3216";

    /// <summary></summary>
    public const string DrawImpossible = "SP3217";

    /// <summary></summary>
    public const string ChecksImpossible = "SP3218";
}
