namespace SwarmPool.Protocol.Errors;

/// <content>How answers are judged and compared.</content>
public static partial class ErrorCodes
{
    /// <summary>SP3450: The proof states another numeric class than the model's manifest: another model, runtime, device or precision.</summary>
    public const string OtherNumericClass = "SP3450";

    /// <summary>SP3451: The pool's verifier judges by evidence, and the proof names none.</summary>
    public const string NoEvidence = "SP3451";

    /// <summary>SP3452: What a proof is judged by beside its output (input, evidence, manifest) could not be fetched in time.</summary>
    public const string JudgedByUnavailable = "SP3452";

    /// <summary>SP3460: The configuration names a verifier that ships, and a plugin fills the slot too.</summary>
    public const string VerifierTwice = "SP3460";

    /// <summary>SP3461: A model's scores can't be calibrated: it shows no logits, or gave no honest answer.</summary>
    public const string CalibrationImpossible = "SP3461";
}
