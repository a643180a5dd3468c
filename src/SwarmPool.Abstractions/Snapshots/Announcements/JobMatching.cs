namespace SwarmPool.Snapshots;

/// <summary>Of the registered miners that have a job's model, how many have what else it asks for: why nobody takes it, or how many could.</summary>
/// <param name="Have">Miners that have the model.</param>
public sealed record JobMatch(int Have)
{
    /// <summary>Of those, how many have the memory; null when the job asks for none.</summary>
    public int? Memory { get; init; }

    /// <summary>Of those, how many have the context; null when the job asks for none.</summary>
    public int? Context { get; init; }

    /// <summary>Of those, how many have the device, precision and runtime; null when the job asks for none of them.</summary>
    public int? Class { get; init; }

    /// <summary>Of those, how many ask more than the job pays; null when none does.</summary>
    public int? AskMore { get; init; }
}

/// <summary>Where a job stands among those that wait, when the pool was asked.</summary>
/// <param name="Place">1 for the next: one more than the jobs that wait for the same model and came before it.</param>
public sealed record JobQueue(long Place)
{
    /// <summary>Seconds until a miner may begin it, by what matching miners measured; an estimate. Null when none of them has measured any.</summary>
    public long? WaitSeconds { get; init; }
}
