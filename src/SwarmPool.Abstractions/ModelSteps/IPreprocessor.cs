using SwarmPool.Inference;

namespace SwarmPool.ModelSteps;

/// <summary>
/// Turns a job's input, bytes from a stranger, into a model's inputs. Pure and thread-safe: equal bytes give equal tensors on every machine.
/// </summary>
public interface IPreprocessor
{
    /// <summary>The model's inputs that it makes.</summary>
    IReadOnlyList<string> Feeds { get; }

    /// <summary>Reads the files that it needs. Called once, when the model is loaded, before the first <see cref="Read"/>.</summary>
    /// <exception cref="InferenceException">A file is not what it has to be.</exception>
    void Load()
    {
    }

    /// <summary>Turns one input into tensors.</summary>
    /// <param name="input">The bytes. What they say of themselves, sizes above all, is checked before anything is set aside for it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InferenceException">The bytes are not what the model takes; the message says why and what to send.</exception>
    PreparedInput Read(ReadOnlyMemory<byte> input, CancellationToken cancellationToken);
}

/// <summary>A kind of preprocessing, by the name that manifests have in <c>preprocess.kind</c>. Thread-safe.</summary>
/// <remarks>
/// A plugin adds one by <c>builder.Services.AddSingleton&lt;IPreprocessorKind, MyKind&gt;()</c>; backends that read manifests take those that they find there.
/// </remarks>
public interface IPreprocessorKind
{
    /// <summary>The name: 1 to 64 of <c>a-z 0-9 -</c>. One that is taken already is an error at start.</summary>
    string Kind { get; }

    /// <summary>Makes the step as a manifest wants it. Problems go to <see cref="IStepParameters.Problem"/>; keys that were not read are noted by the caller.</summary>
    /// <param name="parameters">The step's part of the manifest.</param>
    IPreprocessor Make(IStepParameters parameters);
}

/// <summary>A job's input as a model takes it.</summary>
/// <param name="Tensors">The model's inputs by name.</param>
public sealed record PreparedInput(IReadOnlyDictionary<string, ModelTensor> Tensors)
{
    /// <summary>How the model's picture lies in the one that was sent; null when none was.</summary>
    public PictureGeometry? Picture { get; init; }
}

/// <summary>
/// How a model's picture lies in the original, which is as people see it (turned as its file says): x in the model's pixels is
/// <c>x · ScaleX + OffsetX</c> of the original's x, and so for y.
/// </summary>
/// <param name="Width">The original's width in pixels.</param>
/// <param name="Height">The original's height in pixels.</param>
/// <param name="ScaleX">Model pixels an original pixel.</param>
/// <param name="ScaleY">Model pixels an original pixel.</param>
/// <param name="OffsetX">Where the original's left edge is, in model pixels.</param>
/// <param name="OffsetY">Where the original's upper edge is, in model pixels.</param>
/// <param name="ModelWidth">The model's width in pixels.</param>
/// <param name="ModelHeight">The model's height in pixels.</param>
public sealed record PictureGeometry(int Width, int Height, double ScaleX, double ScaleY, double OffsetX, double OffsetY, int ModelWidth, int ModelHeight);
