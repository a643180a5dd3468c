namespace SwarmPool.Runtime.Miner;

/// <summary>How long the last runs of each model took here, and how many tokens they gave: what the miner measured itself.</summary>
/// <remarks>Thread-safe. Holds <see cref="Last"/> runs of each model that ran.</remarks>
internal sealed class RunTimes
{
    /// <summary>How many runs of a model are remembered.</summary>
    public const int Last = 16;

    private const long LongestMs = 604_800_000;
    private const long MostMillitokens = 1_000_000_000_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<(long Ms, long? Millitokens)>> runs = new(StringComparer.Ordinal);

    /// <summary>A run has ended well.</summary>
    /// <param name="model">The model.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="outputTokens">The tokens that it gave; 0 for none.</param>
    public void Add(string model, TimeSpan took, long outputTokens)
    {
        var ms = (long)Math.Clamp(took.TotalMilliseconds, 1, LongestMs);
        long? rate = outputTokens > 0 ? (long)Int128.Clamp((Int128)outputTokens * 1_000_000 / ms, 1, MostMillitokens) : null;
        lock (gate)
        {
            if (!runs.TryGetValue(model, out var last))
            {
                runs.Add(model, last = new Queue<(long, long?)>(Last));
            }

            if (last.Count == Last)
            {
                last.Dequeue();
            }

            last.Enqueue((ms, rate));
        }
    }

    /// <summary>The medians of a model's last runs; null where there was none.</summary>
    public (long? JobMs, long? Millitokens) Of(string model)
    {
        lock (gate)
        {
            return runs.TryGetValue(model, out var last)
                ? (Median([.. last.Select(static run => run.Ms)]), Median([.. last.Select(static run => run.Millitokens).OfType<long>()]))
                : default;
        }
    }

    private static long? Median(List<long> values)
    {
        values.Sort();
        return values.Count == 0 ? null : values[(values.Count - 1) / 2];
    }
}
