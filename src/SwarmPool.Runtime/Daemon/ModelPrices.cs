using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon;

/// <summary>What the daemon's configuration asks for models.</summary>
internal static class ModelPrices
{
    private const int Most = 64;

    /// <summary>Notes all that is wrong with them.</summary>
    /// <param name="problems">Where to.</param>
    /// <param name="prices">Rates by model.</param>
    /// <param name="models">The models that the pool takes by alias; empty: any.</param>
    public static void Check(List<string> problems, IDictionary<string, string> prices, IDictionary<string, string> models)
    {
        if (prices.Count > Most)
        {
            problems.Add($"prices: {prices.Count} models are priced; a pool prices at most {Most}");
        }

        foreach (var (model, text) in prices)
        {
            if (Field.Model("", model) is not null)
            {
                problems.Add($"prices: '{model}' can't be a model: it has 1 to 128 characters of a-z, A-Z, 0-9, '-', '_', '.', '/', ':'");
            }
            else if (models.Count > 0 && !models.ContainsKey(model))
            {
                problems.Add($"prices: '{model}' is priced, and none of the models that this pool takes ('models')");
            }

            if (!JobRates.TryParse(text, out _, out var problem))
            {
                problems.Add($"prices: what '{model}' costs {problem}");
            }
        }
    }

    /// <summary>For the rules, in the order of the models; null when none is priced. The least that a job must pay is the least base.</summary>
    public static IReadOnlyList<ModelPriceItem>? Of(IDictionary<string, string> prices, Usdc least) => prices.Count == 0
        ? null
        : [.. prices.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(pair => new ModelPriceItem(pair.Key, Of(pair.Value, least)))];

    private static JobRates Of(string text, Usdc least) => JobRates.TryParse(text, out var rates, out var problem)
        ? (rates.Base ?? 0) < least.Micro ? rates with { Base = least.Micro } : rates
        : throw new FormatException(problem);
}
