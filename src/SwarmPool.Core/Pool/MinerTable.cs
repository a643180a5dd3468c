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
    private readonly Dictionary<EnsName, HashSet<MinerEntry>> good = []; // By client; follows from the miners.

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

    /// <summary>The miners that have standing with a client, in no order.</summary>
    public IReadOnlyCollection<MinerEntry> WithStanding(EnsName client) => good.GetValueOrDefault(client) ?? [];

    /// <summary>Sets what a miner did for one client. The client that is forgotten for it, if any, is one without standing where there is one.</summary>
    public void Set(MinerEntry miner, Standing standing)
    {
        var clients = miner.Clients ??= [];
        if (clients.FindLastIndex(one => one.Client == standing.Client) is var at and >= 0)
        {
            Index(miner, clients[at], false);
            clients.RemoveAt(at);
        }
        else if (clients.Count == Standing.MostClients)
        {
            at = Math.Max(0, clients.FindIndex(one => !one.IsGood));
            Index(miner, clients[at], false);
            clients.RemoveAt(at);
        }

        clients.Add(standing);
        Index(miner, standing, true);
        Touch(miner);
    }

    /// <summary>Sets what a miner did for all clients, as a saved state has it.</summary>
    public void SetClients(MinerEntry miner, List<Standing>? clients)
    {
        miner.Clients = clients;
        foreach (var standing in clients ?? [])
        {
            Index(miner, standing, true);
        }
    }

    public void Touch(MinerEntry miner) => ChangedPages.Add((miner.Number - 1) / PageSize);

    private void Index(MinerEntry miner, Standing standing, bool isNow)
    {
        if (!standing.IsGood)
        {
            return;
        }

        if (isNow)
        {
            if (!good.TryGetValue(standing.Client, out var miners))
            {
                good.Add(standing.Client, miners = []);
            }

            miners.Add(miner);
        }
        else if (good.TryGetValue(standing.Client, out var miners) && miners.Remove(miner) && miners.Count == 0)
        {
            good.Remove(standing.Client);
        }
    }

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
