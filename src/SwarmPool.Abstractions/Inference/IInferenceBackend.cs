namespace SwarmPool.Inference;

/// <summary>The inference backend slot: runs models.</summary>
/// <remarks>
/// Thread-safe: <see cref="RunAsync"/> may be called concurrently, up to the miner's number of parallel jobs. Every
/// member is cancellable; a run that is cancelled ends within a second and leaves the backend usable.
/// </remarks>
public interface IInferenceBackend : IAsyncDisposable
{
    /// <summary>What the backend has: its models and the devices it will use. Loads no model.</summary>
    /// <exception cref="InferenceException">The configured device or a model folder is unusable; the message says what to do.</exception>
    ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>Loads a model so that its first run is not slower. Idempotent.</summary>
    ValueTask LoadAsync(string model, CancellationToken cancellationToken);

    /// <summary>Runs a model on one input.</summary>
    /// <param name="request">The input, bytes from outside: the backend checks them.</param>
    /// <param name="progress">Told from time to time, 0 to 100; may be null.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="InferenceException">The model is not there, the input is not what it takes, or the run failed.</exception>
    ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken);
}

/// <summary>One input for a model.</summary>
/// <param name="Model">The model's name, as in the job.</param>
/// <param name="JobType">The job's kind, e.g. "image-classification".</param>
/// <param name="Input">The input's bytes.</param>
public sealed record InferenceRequest(string Model, string JobType, ReadOnlyMemory<byte> Input);

/// <summary>What a run gave.</summary>
/// <param name="Output">The output's bytes (UTF-8 JSON unless the model says otherwise).</param>
/// <param name="Class">What kind of arithmetic made it.</param>
/// <param name="Confidence">The model's own confidence as a decimal string such as "0.9731"; null when it has none.</param>
public sealed record InferenceResult(ReadOnlyMemory<byte> Output, NumericClass Class, string? Confidence);

/// <summary>
/// What an output's bits depend on. Two outputs of one class must be equal bit for bit where the class is exact,
/// else within the model's tolerance.
/// </summary>
/// <param name="ModelSha256">SHA-256 of the model, of all of it: of its file, or of the list of its files' hashes. Lower-case hex.</param>
/// <param name="Runtime">The runtime and its version, e.g. "onnxruntime/1.31.1".</param>
/// <param name="Device">The device, e.g. "cpu" or "cuda:NVIDIA H100".</param>
/// <param name="Precision">E.g. "fp32".</param>
public sealed record NumericClass(string ModelSha256, string Runtime, string Device, string Precision);

/// <summary>What a backend has.</summary>
/// <param name="Models">Its models, by name.</param>
/// <param name="Devices">The devices it will use, the first preferred.</param>
public sealed record BackendDescription(IReadOnlyList<ModelDescription> Models, IReadOnlyList<DeviceDescription> Devices);

/// <summary>A model that a backend can run.</summary>
/// <param name="Name">Its name, as jobs ask for it.</param>
/// <param name="Sha256">As <see cref="NumericClass.ModelSha256"/>.</param>
/// <param name="JobTypes">The kinds of job it does.</param>
public sealed record ModelDescription(string Name, string Sha256, IReadOnlyList<string> JobTypes);

/// <summary>A device.</summary>
/// <param name="Kind">"cpu" or "cuda".</param>
/// <param name="Name">The device's own name.</param>
/// <param name="MemoryBytes">Its memory; 0 when not known.</param>
public sealed record DeviceDescription(string Kind, string Name, long MemoryBytes);

/// <summary>A backend could not do what was asked; the message says what and what to do.</summary>
public sealed class InferenceException : Exception
{
    /// <summary>Makes the exception.</summary>
    public InferenceException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
