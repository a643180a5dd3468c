using SwarmPool.Inference;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>Which announced jobs this miner can do at all. What it can't is not claimed: a claim would cost the job an attempt and the miner its standing.</summary>
/// <param name="models">The models that it offers, as its backend describes them, by their names and by the CIDs of their packs.</param>
/// <param name="maxInputBytes">The largest input that it takes.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class JobFilter(IReadOnlyList<ModelDescription> models, long maxInputBytes)
{
    private volatile Dictionary<string, HashSet<string>> jobTypes = TypesOf(models);

    /// <summary>Whether the job is for this miner: its model (the very pack, where the pool names one), its kind and the size of its input.</summary>
    public bool Takes(JobNewItem item) =>
        jobTypes.TryGetValue(KeyOf(item), out var types)
        && types.Contains(item.JobType)
        && !(item.InputBytes > maxInputBytes);

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
