namespace SwarmPool.Protocol.Errors;

/// <content>What jobs ask for, and what miners say of their models.</content>
public static partial class ErrorCodes
{
    /// <summary>SP3030: No miner that could do the job is fast enough for its deadline, by what each of them has measured.</summary>
    public const string DeadlineTooSoon = "SP3030";

    /// <summary>SP3120: What the miner registered of the model does not meet what the job asks for.</summary>
    public const string NeedsNotMet = "SP3120";

    /// <summary>SP3121: The job pays less than the miner registered as its least price for the model.</summary>
    public const string PriceNotMet = "SP3121";

    /// <summary>SP3220: The proof names another device, precision or runtime than the job asks for.</summary>
    public const string WrongClass = "SP3220";
}
