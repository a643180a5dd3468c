using SwarmPool.Files;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Llama.Models;

/// <summary>A model folder's model.json, checked, with what its file says of itself.</summary>
internal sealed record GgufManifest
{
    public const string TextGeneration = "text-generation";
    public const string TextEmbedding = "text-embedding";

    public required string Name { get; init; }

    /// <summary>Full path of the .gguf file.</summary>
    public required string File { get; init; }

    public required string Sha256 { get; init; }

    public required string Precision { get; init; }

    public required IReadOnlyList<string> JobTypes { get; init; }

    /// <summary>Tokens of prompt and answer together; 0 in model.json for what the file says, at most 4,096.</summary>
    public required int Context { get; init; }

    /// <summary>The file's stamp and length when its hash was taken.</summary>
    public FileStamp Stamp { get; init; }

    public long Bytes { get; init; }

    public bool Does(string jobType) => JobTypes.Contains(jobType, StringComparer.Ordinal);

    /// <summary>What can be said of it, loaded or not.</summary>
    public ModelDescription Describe(NumericClass numericClass, bool isWarm) => new(Name, Sha256, JobTypes)
    {
        Class = numericClass,
        IsWarm = isWarm,
        MemoryBytes = Bytes,
        ContextLength = Context,
    };
}
