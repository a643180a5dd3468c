namespace SwarmPool.Runtime.Backends;

/// <summary>What a backend's process may take. The defaults are those of a miner.</summary>
internal sealed record BackendLimits
{
    /// <summary>The most bytes of memory of the whole process; 0 for no bound.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>How often its memory is looked at.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often it is asked for a sign of life while something is under way.</summary>
    public TimeSpan AskEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it may give none before it is ended.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long what was cancelled may go on before the process is ended. The contract says a second.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it may take to be made, to describe itself, or to unload a model.</summary>
    public TimeSpan Call { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long loading a model may take.</summary>
    public TimeSpan Load { get; init; } = TimeSpan.FromMinutes(10);
}
