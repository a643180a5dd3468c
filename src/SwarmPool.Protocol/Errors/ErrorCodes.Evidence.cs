namespace SwarmPool.Protocol.Errors;

/// <content>What shows how an answer came about, and what is counted and paid by it.</content>
public static partial class ErrorCodes
{
    /// <summary>SP2440: An answer's evidence is malformed, too large, or not in its one form.</summary>
    public const string EvidenceInvalid = "SP2440";

    /// <summary>SP2441: An answer's evidence is not what its proof or its output says: another root, other tokens, another end.</summary>
    public const string EvidenceDiffers = "SP2441";

    /// <summary>SP2442: The job pays by what is counted, and the proof names no evidence to count by.</summary>
    public const string EvidenceMissing = "SP2442";

    /// <summary>SP2443: What the job pays by can't be counted in its input and output.</summary>
    public const string UsageUncountable = "SP2443";

    /// <summary>SP3470: The job's rates, or its price where it has none, are below what the pool asks for the model.</summary>
    public const string RatesTooLow = "SP3470";

    /// <summary>SP3471: The job pays by a unit that the pool can't count in jobs of its kind.</summary>
    public const string UnitNotCounted = "SP3471";

    /// <summary>SP3472: The pool publishes no price for the model.</summary>
    public const string NoPoolPrice = "SP3472";
}
