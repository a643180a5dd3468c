namespace SwarmPool.Protocol.Errors;

/// <content>Of what runs models.</content>
public static partial class ErrorCodes
{
    /// <summary>SP5101: The inference backend can't run here, or can't load the model.</summary>
    public const string InferenceUnusable = "SP5101";

    /// <summary>SP5102: A run failed.</summary>
    public const string InferenceFailed = "SP5102";

    /// <summary>SP5103: The input of a text job is not what such a job has.</summary>
    public const string TextInputInvalid = "SP5103";

    /// <summary>SP5104: Prompt and answer don't fit into the model's context.</summary>
    public const string ContextExceeded = "SP5104";

    /// <summary>SP5105: A model gave NaN or an infinite number for a token, or not one number for each.</summary>
    public const string LogitsUnusable = "SP5105";
}
