using System.Diagnostics.CodeAnalysis;
using SwarmPool.Identity;

namespace SwarmPool.Core.Pool;

/// <summary>The registered miners, by name and in order, and how many offer each model.</summary>
internal sealed class MinerTable
{
    /// <summary>Miners a published page.</summary>
    public const int PageSize = 32;

    private readonly Dictionary<EnsName, MinerEntry> byName = [];
    private readonly List<MinerEntry> inOrder = [];
    private readonly Dictionary<string, int> offers = new(StringComparer.Ordinal);

    public int Count => byName.Count;

    /// <summary>Pages changed since they were last taken; soft, not part of the state.</summary>
    public SortedSet<long> ChangedPages { get; } = [];

    public IReadOnlyList<MinerEntry> InOrder => inOrder;

    public bool TryGet(EnsName name, [NotNullWhen(true)] out MinerEntry? miner) => byName.TryGetValue(name, out miner);

    public MinerEntry this[EnsName name] => byName[name];

    /// <summary>How many registered miners offer a model.</summary>
    public int Offering(string model) => offers.GetValueOrDefault(model);

    public MinerEntry GetOrAdd(EnsName name)
    {
        if (!byName.TryGetValue(name, out var miner))
        {
            miner = new MinerEntry { Name = name, Number = inOrder.Count + 1 };
            byName.Add(name, miner);
            inOrder.Add(miner);
        }

        return miner;
    }

    public void SetModels(MinerEntry miner, IReadOnlyList<string> models)
    {
        Offer(miner.Models, -1);
        miner.Models = models;
        Offer(models, 1);
        Touch(miner);
    }

    public void Touch(MinerEntry miner) => ChangedPages.Add((miner.Number - 1) / PageSize);

    private void Offer(IReadOnlyList<string> models, int by)
    {
        // A model listed twice is one offer, and one that nobody offers any longer is forgotten: names are the miners' to choose.
        foreach (var model in models.Distinct(StringComparer.Ordinal))
        {
            var count = offers.GetValueOrDefault(model) + by;
            if (count > 0)
            {
                offers[model] = count;
            }
            else
            {
                offers.Remove(model);
            }
        }
    }
}
