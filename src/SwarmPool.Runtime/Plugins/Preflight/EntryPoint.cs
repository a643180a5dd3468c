namespace SwarmPool.Runtime.Plugins.Preflight;

/// <summary>What an assembly says of its entry point.</summary>
/// <param name="IsMarked">Whether it has the attribute that makes it a plugin.</param>
/// <param name="TypeName">The type that the attribute names, as it is written there.</param>
/// <param name="Fault">What is wrong with that type; null when it will do.</param>
internal sealed record EntryPoint(bool IsMarked, string TypeName, string? Fault)
{
    public static EntryPoint None { get; } = new(false, "", null);
}
