namespace SwarmPool.Runtime.Listing;

/// <summary>Which of many a list shows: those of a time, and so many of them, the newest.</summary>
public sealed record ListRange
{
    /// <summary>The most that one list shows.</summary>
    public const int MostItems = 10_000;

    /// <summary>Unix milliseconds: nothing from before. Null: from the beginning.</summary>
    public long? SinceMs { get; init; }

    /// <summary>Unix milliseconds: nothing from then on. Null: to the end.</summary>
    public long? UntilMs { get; init; }

    /// <summary>How many are shown; the rest is counted. Must be between 1 and 10,000. The default value is 50.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public int Limit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostItems);
            field = value;
        }
    } = 50;

    internal bool Holds(long atMs) => (SinceMs is null || atMs >= SinceMs) && (UntilMs is null || atMs < UntilMs);
}
