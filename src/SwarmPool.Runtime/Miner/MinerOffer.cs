using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Packs;

namespace SwarmPool.Runtime.Miner;

/// <summary>What the miner offers: models that its backend has, and the devices to tell people of.</summary>
internal sealed record MinerOffer(IReadOnlyList<string> Models, IReadOnlyList<string> Gpus, IReadOnlyList<ModelDescription> Described, MinerPacks Packs)
{
    private const int MostModels = 256;
    private const int MostGpus = 64;

    /// <summary>What is registered: the models by their names, and those that are packs by their CIDs too.</summary>
    public IReadOnlyList<string> Registered => [.. Models.Concat(Packs.Cids).Take(MostModels)];

    /// <summary>What jobs may ask for, by name or by pack.</summary>
    public IReadOnlyList<ModelDescription> Takes => [.. Described, .. Packs.ByCid];

    /// <summary>The same without some models, and without their packs.</summary>
    public MinerOffer Without(IReadOnlyCollection<string> models) => this with
    {
        Models = [.. Models.Except(models, StringComparer.Ordinal)],
        Described = [.. Described.Where(model => !models.Contains(model.Name, StringComparer.Ordinal))],
        Packs = Packs.Without(models),
    };

    /// <exception cref="SwarmPoolException">SP5101: the backend is unusable, has no model, or not one that the options name.</exception>
    public static async Task<MinerOffer> MakeAsync(MinerOptions options, IInferenceBackend backend, ModelFolder? packs, ILogger logger, CancellationToken cancellationToken)
    {
        BackendDescription description;
        try
        {
            description = await backend.DescribeAsync(cancellationToken);
        }
        catch (InferenceException e)
        {
            throw new SwarmPoolException(ErrorCodes.InferenceUnusable, e.Message, e);
        }

        var has = description.Models.Select(m => m.Name).ToList();
        var missing = options.Models.Except(has, StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            throw new SwarmPoolException(
                ErrorCodes.InferenceUnusable,
                $"models: the backend does not have {string.Join(", ", missing)}; it has {(has.Count > 0 ? string.Join(", ", has) : "none")}.{string.Concat(missing.Select(one => Meant(one, has)))} Add the model to the backend, or take it out of models.");
        }

        if (has.Count == 0)
        {
            throw new SwarmPoolException(ErrorCodes.InferenceUnusable, "The backend has no model, so there is nothing to offer. Add one to it.");
        }

        List<string> offered = [.. (options.Models.Count > 0 ? options.Models : has).Distinct(StringComparer.Ordinal).Take(MostModels)];
        List<ModelDescription> described = [.. description.Models.Where(model => offered.Contains(model.Name, StringComparer.Ordinal))];
        return new MinerOffer(
            offered,
            [.. (options.Gpus.Count > 0 ? options.Gpus : description.Devices.Select(d => d.Name)).Take(MostGpus)],
            described,
            MinerPacks.Find(packs, described, logger));
    }

    private static string Meant(string missing, List<string> has) => NearestName.Find(missing, has) is { } near ? $" By {missing}, did you mean {near}?" : "";
}
