namespace SwarmPool.Protocol.Errors;

/// <content>SP3430 to SP3449: what a daemon says of checks, besides why it refuses.</content>
public static partial class ErrorCodes
{
    /// <summary>SP3430: The journal does not hold the secret that the open epoch committed to.</summary>
    public const string DrawLost = "SP3430";

    /// <summary>SP3431: A checker's own answer is not what the others got.</summary>
    public const string CheckerOutvoted = "SP3431";

    /// <summary>SP3432: The answers to a job can't be compared now: one can't be read, or the verifier failed or took too long.</summary>
    public const string AgreementUnavailable = "SP3432";
}
