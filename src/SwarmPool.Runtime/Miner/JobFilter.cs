using SwarmPool.Inference;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>Which announced jobs this miner can do at all. What it can't is not claimed: a claim would cost the job an attempt and the miner its standing.</summary>
/// <param name="models">The models that it offers, as its backend describes them, by their names and by the CIDs of their packs.</param>
/// <param name="maxInputBytes">The largest input that it takes.</param>
/// <param name="said">What the miner registered of a model, by which the pool judges; null: nothing of any.</param>
/// <param name="minPrice">The least that a job has to pay.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class JobFilter(IReadOnlyList<ModelDescription> models, long maxInputBytes, Func<string, ModelOffer?>? said = null, Usdc minPrice = default)
{
    private volatile Dictionary<string, HashSet<string>> jobTypes = TypesOf(models);

    /// <summary>Whether the job is for this miner: its model (the very pack, where the pool names one), its kind, the size of its input, what it asks for and what it pays.</summary>
    public JobFit Judge(JobNewItem item)
    {
        var model = KeyOf(item);
        return !jobTypes.TryGetValue(model, out var types) || !types.Contains(item.JobType) || item.InputBytes > maxInputBytes ? JobFit.Foreign
            : item.Reward >= minPrice && OfferFit.Meets(item.Needs, item.Needs is null ? null : said?.Invoke(model)) ? JobFit.Fits
            : JobFit.Unfit;
    }

    /// <summary>Whether the miner offers it, by <see cref="KeyOf"/>.</summary>
    public bool Offers(string key) => jobTypes.ContainsKey(key);

    /// <summary>What a job asks for: a pack, where the pool names one; else a model's name.</summary>
    public static string KeyOf(JobNewItem item) => item.PackCid?.ToString() ?? item.Model;

    /// <summary>Takes jobs for these models alone from now on.</summary>
    public void Narrow(IReadOnlyList<ModelDescription> left) => jobTypes = TypesOf(left);

    private static Dictionary<string, HashSet<string>> TypesOf(IReadOnlyList<ModelDescription> models) => models
        .GroupBy(static model => model.Name, StringComparer.Ordinal)
        .ToDictionary(static named => named.Key, static named => named.SelectMany(static model => model.JobTypes).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
}

/// <summary>How a job fits a miner.</summary>
internal enum JobFit
{
    /// <summary>It is of a model or kind that the miner does not do, or its input is too large.</summary>
    Foreign = 0,

    /// <summary>It asks for more than the miner registered, or pays less than the miner takes; that may change.</summary>
    Unfit,

    /// <summary>The miner can do it.</summary>
    Fits,
}
