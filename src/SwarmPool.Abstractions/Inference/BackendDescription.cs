namespace SwarmPool.Inference;

/// <summary>
/// What an output's bits depend on. Two outputs of one class must be equal bit for bit where the class is exact,
/// else within the model's tolerance.
/// </summary>
/// <param name="ModelSha256">SHA-256 of the model, of all of it: of its file, or of the list of its files' hashes. Lower-case hex.</param>
/// <param name="Runtime">The runtime and its version, with what else of it decides about the last bits, e.g. "onnxruntime/1.31.1" or "llama.cpp/LLamaSharp-0.30.0 avx512 threads=2".</param>
/// <param name="Device">The device, e.g. "cpu" or "cuda:NVIDIA H100".</param>
/// <param name="Precision">E.g. "fp32" or "Q4_K_M".</param>
public sealed record NumericClass(string ModelSha256, string Runtime, string Device, string Precision);

/// <summary>What a backend has.</summary>
/// <param name="Models">Its models, by name.</param>
/// <param name="Devices">The devices it will use, the first preferred.</param>
public sealed record BackendDescription(IReadOnlyList<ModelDescription> Models, IReadOnlyList<DeviceDescription> Devices);

/// <summary>A model that a backend can run.</summary>
/// <param name="Name">Its name, as jobs ask for it.</param>
/// <param name="Sha256">As <see cref="NumericClass.ModelSha256"/>.</param>
/// <param name="JobTypes">The kinds of job it does.</param>
public sealed record ModelDescription(string Name, string Sha256, IReadOnlyList<string> JobTypes)
{
    /// <summary>The class of all its outputs; null when it is only known from a run.</summary>
    public NumericClass? Class { get; init; }

    /// <summary>Whether it is loaded, so that a run begins at once; false when not known.</summary>
    public bool IsWarm { get; init; }

    /// <summary>Bytes of memory that it takes while loaded; 0 when not known.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>The most tokens that prompt and answer may have together; 0 for a model without tokens, and when not known.</summary>
    public int ContextLength { get; init; }
}

/// <summary>A device.</summary>
/// <param name="Kind">"cpu" or "cuda".</param>
/// <param name="Name">The device's own name.</param>
/// <param name="MemoryBytes">Its memory; 0 when not known.</param>
public sealed record DeviceDescription(string Kind, string Name, long MemoryBytes);
