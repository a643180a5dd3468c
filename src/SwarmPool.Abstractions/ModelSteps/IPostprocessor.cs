using SwarmPool.Inference;

namespace SwarmPool.ModelSteps;

/// <summary>
/// Turns a model's outputs into the answer. Pure and thread-safe: equal outputs give equal bytes, so JSON is canonical (RFC 8785) and without
/// fractions, which are decimal strings instead.
/// </summary>
public interface IPostprocessor
{
    /// <summary>Reads the files that it needs. Called once, when the model is loaded, before the first <see cref="Write"/>.</summary>
    /// <exception cref="InferenceException">A file is not what it has to be.</exception>
    void Load()
    {
    }

    /// <summary>Makes the answer.</summary>
    /// <param name="outputs">The model's outputs by name; finite or not.</param>
    /// <param name="context">The input, and what bounds the answer.</param>
    /// <exception cref="InferenceException">The outputs make no answer: NaN, another shape than the manifest says, or too many bytes.</exception>
    ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs, AnswerContext context);
}

/// <summary>A kind of postprocessing, by the name that manifests have in <c>postprocess.kind</c>. Thread-safe.</summary>
/// <remarks>A plugin adds one as it adds an <see cref="IPreprocessorKind"/>.</remarks>
public interface IPostprocessorKind
{
    /// <summary>The name: 1 to 64 of <c>a-z 0-9 -</c>. One that is taken already is an error at start.</summary>
    string Kind { get; }

    /// <summary>Makes the step as a manifest wants it. Problems go to <see cref="IStepParameters.Problem"/>; keys that were not read are noted by the caller.</summary>
    /// <param name="parameters">The step's part of the manifest.</param>
    IPostprocessor Make(IStepParameters parameters);
}

/// <summary>What a postprocessor may need beside the outputs.</summary>
/// <param name="Input">The input that they are of.</param>
/// <param name="MaxBytes">The most bytes that the answer may have.</param>
/// <param name="CancellationToken">Ends it.</param>
public sealed record AnswerContext(PreparedInput Input, int MaxBytes, CancellationToken CancellationToken);

/// <summary>An answer.</summary>
/// <param name="Bytes">Its bytes: JSON, text, or a file such as a PNG picture.</param>
/// <param name="Confidence">The model's confidence as a decimal string from "0" to "1"; null when it has none.</param>
public sealed record ModelAnswer(ReadOnlyMemory<byte> Bytes, string? Confidence);
