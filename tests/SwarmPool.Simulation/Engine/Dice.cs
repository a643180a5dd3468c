namespace SwarmPool.Simulation.Engine;

/// <summary>Random numbers of a seed (splitmix64), the same on every machine and runtime.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong state = seed;

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to one less than <paramref name="count"/>.</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <summary>From least to most, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Chance(double probability) => (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    public TimeSpan Span(double leastSeconds, double mostSeconds) =>
        TimeSpan.FromMilliseconds(Between((int)(leastSeconds * 1000), (int)(mostSeconds * 1000)));

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>Other numbers of the same seed, so that one part's use of them does not change another's.</summary>
    public Dice Fork() => new(Next());
}
