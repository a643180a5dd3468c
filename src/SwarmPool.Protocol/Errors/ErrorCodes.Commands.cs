namespace SwarmPool.Protocol.Errors;

/// <content>What a program finds wrong before it sends anything.</content>
public static partial class ErrorCodes
{
    /// <summary>SP1003: The command line is wrong: a command, option or argument is unknown, missing or out of range.</summary>
    public const string CommandLineInvalid = "SP1003";

    /// <summary>SP3018: The job's input file is empty.</summary>
    public const string InputEmpty = "SP3018";

    /// <summary>SP3019: The job's input file has more bytes than a job's input may.</summary>
    public const string InputTooLarge = "SP3019";

    /// <summary>SP3020: The same job was sent before, its deadline has not passed, and what became of it can't be said.</summary>
    public const string JobAlreadySent = "SP3020";

    /// <summary>SP1209: A configured name, the party's own, its pool's or the operations payee's, doesn't exist or names no account.</summary>
    public const string OwnNameUnknown = "SP1209";
}
