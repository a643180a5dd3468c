namespace SwarmPool.Snapshots;

/// <summary>
/// What a job pays for what is counted, in whole micro-USDC: base + (input tokens × <see cref="InputTokens"/> + output tokens × <see cref="OutputTokens"/>
/// + milliseconds × <see cref="Seconds"/> + 1,000 × pictures × <see cref="Pictures"/>) / 1,000, rounded up once, and never more than the job's amount.
/// </summary>
/// <remarks>Immutable. Each is 0 to <see cref="Most"/>, or absent: nothing is paid for it, and it need not be counted. One besides the base is more than 0.</remarks>
public sealed record JobRates
{
    /// <summary>The most that a rate may be: 10^12, a million USDC.</summary>
    public const long Most = 1_000_000_000_000;

    /// <summary>Micro-USDC for the job, whatever is counted.</summary>
    public long? Base { get; init; }

    /// <summary>Micro-USDC for 1,000 tokens of the prompt, those included that the model's template adds.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Micro-USDC for 1,000 tokens of the answer, an end token too.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Micro-USDC for a second of sound, in and out; milliseconds are counted.</summary>
    public long? Seconds { get; init; }

    /// <summary>Micro-USDC for a picture, in and out.</summary>
    public long? Pictures { get; init; }
}

/// <summary>What the pool counted in a job's input, output and evidence; absent what the job doesn't pay for.</summary>
public sealed record JobUsage
{
    /// <summary>Tokens of the prompt, those included that the model's template adds.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Tokens of the answer, an end token too.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Milliseconds of sound, in and out.</summary>
    public long? Milliseconds { get; init; }

    /// <summary>Pictures, in and out.</summary>
    public long? Pictures { get; init; }
}

/// <summary>The least that jobs for a model have to offer.</summary>
/// <param name="Model">The model, as jobs call it; a job that names the pack behind an alias means that alias.</param>
/// <param name="Rates">What each rate of a job has to be at least.</param>
public sealed record ModelPriceItem(string Model, JobRates Rates);
