namespace SwarmPool.Hostile.Tests;

/// <summary>How much is tried: a sample in every run, all of it under SWARMPOOL_FULL=1.</summary>
internal static class Full
{
    public static bool IsAsked { get; } = Environment.GetEnvironmentVariable("SWARMPOOL_FULL") == "1";

    public static int Or(int sample, int all) => IsAsked ? all : sample;
}
