namespace SwarmPool.Protocol.Errors;

/// <content>Work that is checked.</content>
public static partial class ErrorCodes
{
    // Jobs

    /// <summary>SP3022: The job asks for its answer to be checked, and the pool checks none.</summary>
    public const string NotChecked = "SP3022";

    // Claims

    /// <summary>SP3112: Another who takes part in the job is paid at the same address: nobody repeats or checks its own work.</summary>
    public const string PayeeTakesPart = "SP3112";

    /// <summary>SP3113: An answer of this payee to the job was refused, or never shown.</summary>
    public const string AnswerWasRefused = "SP3113";

    // Proofs

    /// <summary>SP3211: The pool checks work, and no commitment came before the proof.</summary>
    public const string CommitmentMissing = "SP3211";

    /// <summary>SP3212: The proof doesn't open its commitment.</summary>
    public const string CommitmentMismatch = "SP3212";

    /// <summary>SP3213: The claim is bound to another commitment.</summary>
    public const string CommittedOtherwise = "SP3213";

    /// <summary>SP3214: Others have not committed yet; the claim doesn't run out meanwhile.</summary>
    public const string RevealTooEarly = "SP3214";

    /// <summary>SP3215: There is no such check, it is over, or the pool checks no work.</summary>
    public const string CheckOver = "SP3215";

    /// <summary>SP3216: Others who did the same job found another answer, or the scores of this payee's answers are those of somebody who cheats. The job isn't paid, nor is what is held of the payee's work with the model.</summary>
    public const string WorkFoundWrong = "SP3216";

    /// <summary>SP3217: A decision was to be made by an epoch's secret that is not drawn yet, or is not the one that the epoch was opened with.</summary>
    public const string DrawImpossible = "SP3217";

    /// <summary>SP3218: The settings of checks can't work: a share is out of range, thresholds exclude each other, or cheating would cost nothing.</summary>
    public const string ChecksImpossible = "SP3218";
}
