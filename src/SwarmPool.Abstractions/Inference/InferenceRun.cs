namespace SwarmPool.Inference;

/// <summary>One input for a model.</summary>
/// <param name="Model">The model's name, as in the job.</param>
/// <param name="JobType">The job's kind, e.g. "image-classification".</param>
/// <param name="Input">The input's bytes.</param>
public sealed record InferenceRequest(string Model, string JobType, ReadOnlyMemory<byte> Input)
{
    /// <summary>Whether the result should have its <see cref="InferenceResult.Evidence"/>, where the backend can give one. The default value is false.</summary>
    public bool WantsEvidence { get; init; }
}

/// <summary>What a run gave.</summary>
/// <param name="Output">The output's bytes (UTF-8 JSON unless the model says otherwise).</param>
/// <param name="Class">What kind of arithmetic made it.</param>
/// <param name="Confidence">The model's own confidence as a decimal string such as "0.9731"; null when it has none.</param>
public sealed record InferenceResult(ReadOnlyMemory<byte> Output, NumericClass Class, string? Confidence)
{
    /// <summary>
    /// What was taken in and given out, as the backend counted it itself in input and output; never what a server says of
    /// itself. Null when it doesn't count.
    /// </summary>
    public InferenceUsage? Usage { get; init; }

    /// <summary>
    /// How the output came about, for others to check: of a text the bytes of a <c>TokenEvidence</c> (SwarmPool.Protocol.Evidence). Empty when there is none. The
    /// runtime makes it itself from the logits of an <see cref="ITokenModel"/>.
    /// </summary>
    public ReadOnlyMemory<byte> Evidence { get; init; }
}

/// <summary>What a run took in and gave out, in the units that people pay by. Each is 0 or more; 0 where it doesn't apply.</summary>
public sealed record InferenceUsage
{
    /// <summary>Tokens of the input, those that a template adds included.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens of the output, each that was chosen: an end token too.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Milliseconds of sound or film, in and out.</summary>
    public long Milliseconds { get; init; }

    /// <summary>Pictures, in and out.</summary>
    public long Pictures { get; init; }
}

/// <summary>A part of an answer, as it comes about.</summary>
/// <param name="Delta">
/// The next bytes of the answer as a person reads it, in UTF-8 cut between characters; may be empty. It can't be taken back.
/// </param>
/// <param name="Result">The result; null but with the last chunk.</param>
public sealed record InferenceChunk(ReadOnlyMemory<byte> Delta, InferenceResult? Result);
