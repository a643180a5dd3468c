using System.Diagnostics.CodeAnalysis;
using SwarmPool.Identity;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool;

/// <summary>The registered miners, by name and in order, and which offer what.</summary>
internal sealed class MinerTable
{
    /// <summary>Miners a published page.</summary>
    public const int PageSize = 32;

    private const int NumbersLength = 32;

    private readonly Dictionary<EnsName, MinerEntry> byName = [];
    private readonly List<MinerEntry> inOrder = [];
    private readonly OfferIndex offers = new();
    private readonly Dictionary<EnsName, HashSet<MinerEntry>> good = []; // By client; follows from the miners.
    private readonly SortedSet<(long Since, long Number)> idle = [];
    private readonly Queue<long> free = new();

    public int Count => byName.Count;

    /// <summary>Characters of all miners' models and GPUs, and of what they say of their models: the part of a miner that is its own to choose.</summary>
    public long TextLength { get; private set; }

    /// <summary>Pages changed since they were last taken; soft, not part of the state.</summary>
    public SortedSet<long> ChangedPages { get; } = [];

    public IReadOnlyList<MinerEntry> InOrder => inOrder;

    public bool TryGet(EnsName name, [NotNullWhen(true)] out MinerEntry? miner) => byName.TryGetValue(name, out miner);

    public MinerEntry this[EnsName name] => byName[name];

    /// <summary>Whether a miner of that name has a proof that was accepted.</summary>
    public bool HasWorked(EnsName name) => TryGet(name, out var miner) && miner.JobsCompleted > 0;

    /// <summary>How many registered miners offer a model.</summary>
    public int Offering(string model) => Having(model)?.Count ?? 0;

    /// <summary>The registered miners that offer a model, by what they say of it; null when none does.</summary>
    public ModelMiners? Having(string model) => offers.Of(model);

    /// <summary>The registered miners that offer a model, in no order.</summary>
    public IEnumerable<MinerEntry> OfferingAll(string model) => Having(model)?.All.Select(number => inOrder[(int)number - 1]) ?? [];

    /// <summary>The miner that has its place for longest of those that have done nothing; null when there is none.</summary>
    public MinerEntry? LongestIdle => idle.Count > 0 ? inOrder[(int)idle.Min.Number - 1] : null;

    /// <param name="name">The miner.</param>
    /// <param name="since">Unix ms, for one that is new: since when it has its place; 0 where that is not recorded.</param>
    public MinerEntry GetOrAdd(EnsName name, long since)
    {
        if (!byName.TryGetValue(name, out var miner))
        {
            miner = new MinerEntry { Name = name, Number = free.TryDequeue(out var number) ? number : inOrder.Count + 1, Since = since };
            byName.Add(name, miner);
            if (miner.Number > inOrder.Count)
            {
                inOrder.Add(miner);
            }
            else
            {
                inOrder[(int)miner.Number - 1] = miner;
            }

            SetIdle(miner);
        }

        return miner;
    }

    /// <summary>Forgets a miner that holds no claim. Its place has to be given to another in the same record: there are no gaps.</summary>
    public void Remove(MinerEntry miner)
    {
        TextLength -= TextLengthOf(miner.Models, miner.Gpus, miner.Offers);
        offers.Remove(miner);
        miner.Clients?.ForEach(standing => Index(miner, standing, false));
        byName.Remove(miner.Name);
        idle.Remove((miner.Since, miner.Number));
        free.Enqueue(miner.Number);
    }

    /// <summary>Notes whether it has done nothing yet, and does nothing now.</summary>
    public void SetIdle(MinerEntry miner)
    {
        if (miner is { JobsCompleted: 0, LiveClaims: 0, Waiting: 0, Since: > 0 })
        {
            idle.Add((miner.Since, miner.Number));
        }
        else if (idle.Count > 0)
        {
            idle.Remove((miner.Since, miner.Number));
        }
    }

    /// <summary>How many characters a miner's models and GPUs have, and what it says of them.</summary>
    public static long TextLengthOf(IReadOnlyList<string> models, IReadOnlyList<string> gpus, IReadOnlyList<ModelOffer>? offers) =>
        models.Sum(static text => text.Length) + gpus.Sum(static text => text.Length) + (offers?.Sum(LengthOf) ?? 0);

    public void SetOffer(MinerEntry miner, IReadOnlyList<string> models, IReadOnlyList<string> gpus, IReadOnlyList<ModelOffer>? said)
    {
        TextLength += TextLengthOf(models, gpus, said) - TextLengthOf(miner.Models, miner.Gpus, miner.Offers);
        offers.Remove(miner);
        (miner.Models, miner.Gpus, miner.Offers) = (models, gpus, said);
        offers.Add(miner);
        Touch(miner);
    }

    /// <summary>Counts a proof of the miner's; after the first one it is believed how fast it says that it is.</summary>
    public void AddJob(MinerEntry miner)
    {
        var isFirst = miner.JobsCompleted == 0;
        if (isFirst)
        {
            offers.Remove(miner);
        }

        miner.JobsCompleted++;
        if (isFirst)
        {
            offers.Add(miner);
        }
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

    // Names, and as much as the numbers beside them take.
    private static long LengthOf(ModelOffer offer) =>
        offer.Model.Length + (offer.Device?.Length ?? 0) + (offer.Precision?.Length ?? 0) + (offer.Runtime?.Length ?? 0) + NumbersLength;
}
