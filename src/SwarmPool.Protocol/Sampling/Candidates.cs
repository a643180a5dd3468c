namespace SwarmPool.Protocol.Sampling;

/// <summary>The likeliest tokens of those that were added: the higher value first, of equal ones the lower token. The order of adding means nothing.</summary>
/// <remarks>Not thread-safe. Adding allocates nothing, and costs a comparison for a token that isn't among them.</remarks>
internal struct Candidates(int most)
{
    private readonly (int Token, double Value)[] best = new (int, double)[most];

    public int Count { get; private set; }

    public readonly (int Token, double Value) this[int index] => best[index];

    public void Clear() => Count = 0;

    public void Add(int token, double value)
    {
        if (Count == best.Length)
        {
            if (!IsBefore(token, value, best[Count - 1]))
            {
                return;
            }

            Count--;
        }

        var at = Count++;
        while (at > 0 && IsBefore(token, value, best[at - 1]))
        {
            best[at] = best[at - 1];
            at--;
        }

        best[at] = (token, value);
    }

    private static bool IsBefore(int token, double value, (int Token, double Value) other) =>
        value > other.Value || (value == other.Value && token < other.Token);
}
