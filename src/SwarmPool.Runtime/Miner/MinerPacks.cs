using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Packs;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>Which of the offered models are packs: those whose bytes the backend loads, by the hash that proofs name. A model that only has a pack's name is none.</summary>
/// <remarks>Immutable; thread-safe.</remarks>
internal sealed class MinerPacks
{
    private readonly Dictionary<Cid, ModelDescription> models = [];

    private MinerPacks(IReadOnlyList<LocalPack> used) => Used = used;

    /// <summary>The packs, where they lie.</summary>
    public IReadOnlyList<LocalPack> Used { get; }

    /// <summary>Their CIDs, as a miner registers them beside its models' names.</summary>
    public IEnumerable<string> Cids => models.Keys.Select(static cid => cid.ToString());

    /// <summary>The models, each by its pack's CID in place of its name.</summary>
    public IEnumerable<ModelDescription> ByCid => models.Select(static pair => pair.Value with { Name = pair.Key.ToString() });

    /// <summary>Finds them.</summary>
    /// <param name="folder">The models folder; null where there are no packs.</param>
    /// <param name="offered">What the backend has and the miner offers.</param>
    /// <param name="logger">Told of packs that are not what the backend has by their names.</param>
    /// <exception cref="SwarmPoolException">SP5209: what is known of the packs can't be read.</exception>
    public static MinerPacks Find(ModelFolder? folder, IReadOnlyList<ModelDescription> offered, ILogger logger)
    {
        var found = new List<(LocalPack Local, ModelDescription Model)>();
        foreach (var local in folder?.List() ?? [])
        {
            if (!Directory.Exists(local.Folder) || offered.FirstOrDefault(model => model.Name == local.Pack.Name) is not { } model)
            {
                continue;
            }

            if (local.Pack.HasModel(model.Sha256))
            {
                found.Add((local, model));
            }
            else
            {
                MinerLog.PackDiffers(logger, local.Pack.Name, local.Cid.ToString(), model.Sha256);
            }
        }

        var packs = new MinerPacks([.. found.Select(static one => one.Local)]);
        foreach (var (local, model) in found)
        {
            packs.models.Add(local.Cid, model);
        }

        return packs;
    }

    /// <summary>The same without those of some models.</summary>
    public MinerPacks Without(IReadOnlyCollection<string> names)
    {
        var rest = new MinerPacks(Used);
        foreach (var (cid, model) in models.Where(pair => !names.Contains(pair.Value.Name, StringComparer.Ordinal)))
        {
            rest.models.Add(cid, model);
        }

        return rest;
    }

    /// <summary>What the backend calls the model of a claimed job.</summary>
    /// <exception cref="SwarmPoolException">SP3104: the pool bound the job to a pack that is not here.</exception>
    public string ModelOf(ClaimAcceptedItem claim, string model)
    {
        if (claim.PackCid is { } pack)
        {
            return models.TryGetValue(pack, out var bound) ? bound.Name : throw new SwarmPoolException(
                ErrorCodes.ModelNotOffered, $"The pool bound the model {model} to the pack {pack}, which is not here: 'swarm-miner models pull {pack}' fetches it.");
        }

        return Cid.TryParse(model, out var named) && models.TryGetValue(named, out var own) ? own.Name : model;
    }
}
