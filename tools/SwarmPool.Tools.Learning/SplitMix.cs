namespace SwarmPool.Tools.Learning;

/// <summary>A small pseudo-random generator (SplitMix64) that gives the same numbers on every machine and .NET version.</summary>
/// <remarks>Not thread-safe. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).</remarks>
public sealed class SplitMix
{
    private ulong state;

    /// <summary>Starts the sequence of a seed.</summary>
    public SplitMix(ulong seed) => state = seed;

    /// <summary>
    /// The sequence of one thing of several. Streams keep what a network learns from apart from the pictures it is shown later.
    /// </summary>
    public static SplitMix For(ulong stream, int which, int seed)
    {
        // Each part goes through the mixer, so neighbouring seeds don't give neighbouring sequences.
        var first = new SplitMix((stream << 8) | (uint)which).Next();
        return new SplitMix(first ^ new SplitMix(unchecked((uint)seed)).Next());
    }

    /// <summary>64 bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15UL;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, evenly spread.</summary>
    public float Between(float low, float high) => low + ((high - low) * ((Next() >> 40) * (1f / (1 << 24))));

    /// <summary>A whole number from 0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);
}
