using SwarmPool.Settlement;

namespace SwarmPool.Snapshots;

/// <summary>What a miner says of one of its models. What is absent it does not say; a job that asks for that is not for it.</summary>
/// <param name="Model">The model, one of those that it registers.</param>
public sealed record ModelOffer(string Model)
{
    /// <summary>Bytes of memory of the device that it runs on; from 1.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The most tokens that prompt and answer may have together; from 1.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>The device, as its proofs name it; 1 to 128 characters.</summary>
    public string? Device { get; init; }

    /// <summary>The precision, as its proofs name it; 1 to 128 characters.</summary>
    public string? Precision { get; init; }

    /// <summary>The runtime, as its proofs name it; 1 to 128 characters.</summary>
    public string? Runtime { get; init; }

    /// <summary>True when the model is loaded, so that a run begins at once; absent when not, or not known.</summary>
    public bool? Warm { get; init; }

    /// <summary>Milliseconds that a job took, the median of its last runs; 1 to 604,800,000 (7 days). Absent before it has run any.</summary>
    public long? JobMilliseconds { get; init; }

    /// <summary>Thousandths of a token that it gave a second, the median of its last runs; 1 to 10^12. Absent for what gives no tokens.</summary>
    public long? MillitokensPerSecond { get; init; }

    /// <summary>The least that a job has to pay; absent: nothing.</summary>
    public Usdc? MinPrice { get; init; }
}
