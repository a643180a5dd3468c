namespace SwarmPool.InferenceLoad;

/// <summary>One thing, done bare and through a pool.</summary>
internal interface IBench : IAsyncDisposable
{
    /// <summary>What is counted.</summary>
    string Unit { get; }

    /// <summary>What it is, for the head of the table.</summary>
    string About { get; }

    /// <summary>Does it once, bare. Returns how many units that were.</summary>
    int RunBare();

    /// <summary>Does it once as a job, from its submission until its client has the output.</summary>
    Task<int> RunJobAsync();
}
