namespace SwarmPool.Runtime.Miner;

/// <summary>When an inference backend runs in a process of its own.</summary>
public enum BackendProcessUse
{
    /// <summary>When it comes from a plugin folder that does not lie with the program.</summary>
    Auto = 0,

    /// <summary>Always; a backend that can't is an SP5227.</summary>
    Always,

    /// <summary>Never: what ends its process ends the miner.</summary>
    Never,
}
