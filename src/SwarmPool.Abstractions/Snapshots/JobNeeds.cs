using System.Text.Json.Serialization;

namespace SwarmPool.Snapshots;

/// <summary>
/// What a miner has to offer to do a job, beside the model. What is absent is not asked for; at least one is there. A need that a reader
/// does not know is refused: not to be met is not the same as not to be asked for.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record JobNeeds
{
    /// <summary>Bytes of memory that the device has to have; from 1.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Tokens that prompt and answer may need together; from 1.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Tokens that the answer may have: what a deadline is measured by, where miners say how fast they are; from 1.</summary>
    public int? OutputTokens { get; init; }

    /// <summary>The device, as proofs name it, or what that begins with: "cuda" is met by "cuda:NVIDIA H100"; 1 to 128 characters.</summary>
    public string? Device { get; init; }

    /// <summary>The precision, as proofs name it; 1 to 128 characters.</summary>
    public string? Precision { get; init; }

    /// <summary>The runtime, as proofs name it, or what that begins with: "onnxruntime" is met by "onnxruntime/1.31.1"; 1 to 128 characters.</summary>
    public string? Runtime { get; init; }
}
