using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>What a client asks for. Inputs and outputs are public: whoever knows their CID can read them.</summary>
public sealed record JobSpec
{
    /// <summary>The longest time that a job may be given: 7 days.</summary>
    public static readonly TimeSpan MaxDeadline = TimeSpan.FromDays(7);

    /// <summary>The kind of job, e.g. "image-classification"; 1 to 64 characters of a-z, 0-9, '-', '_', '.', '/'.</summary>
    public required string JobType { get; init; }

    /// <summary>The model to run; 1 to 128 characters of the same set and A-Z, ':'.</summary>
    public required string Model { get; init; }

    /// <summary>The input's bytes; leave it empty when <see cref="InputCid"/> names an input that is stored already.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The CID of an input that is stored already; null when <see cref="Input"/> has the bytes.</summary>
    public Cid? InputCid { get; init; }

    /// <summary>What to pay when the job is done; with <see cref="Rates"/> the most that it may come to.</summary>
    public required Usdc Amount { get; init; }

    /// <summary>What to pay for what is counted, and <see cref="Amount"/> at most; null: the amount. The default value is null.</summary>
    public JobRates? Rates { get; init; }

    /// <summary>Whether <see cref="Rates"/> are to be those that the pool asks for the model. The default value is false.</summary>
    public bool AtPoolPrices { get; init; }

    /// <summary>How long the pool has; at least 1 s and at most <see cref="MaxDeadline"/>. The default value is 10 minutes.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest that one attempt may run, in whole seconds; null: the pool's own limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>How many miners have to agree, 1 to 5; null: 1.</summary>
    public int? Replicas { get; init; }

    internal void Validate()
    {
        if (InputCid is not null && !Input.IsEmpty)
        {
            throw new ArgumentException("A job has either Input or InputCid, not both.");
        }

        if (AtPoolPrices && Rates is not null)
        {
            throw new ArgumentException("A job has either Rates or AtPoolPrices, not both.");
        }

        if (Deadline < TimeSpan.FromSeconds(1) || Deadline > MaxDeadline)
        {
            throw new ArgumentException($"Deadline is {Deadline}; it must be between 1 second and {MaxDeadline.TotalDays:0} days.");
        }

        if (TimeLimit is { } limit && (limit < TimeSpan.FromSeconds(1) || limit > MaxDeadline))
        {
            throw new ArgumentException($"TimeLimit is {limit}; it must be between 1 second and {MaxDeadline.TotalDays:0} days.");
        }
    }
}
