using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Errors;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon;

/// <summary>The manifests of the packs that the pool's models are bound to.</summary>
/// <remarks>Thread-safe. What a CID names never changes, so what was once read, or recorded, is not asked for again.</remarks>
internal sealed class BoundPacks(ContentReader content, TimeSpan patience, ILogger<BoundPacks> logger)
{
    /// <summary>The most hashes that are recorded of a pack: one of more files has to say which is the model's (<c>numeric_class.model_sha256</c>).</summary>
    public const int MostHashes = 16;

    private readonly ConcurrentDictionary<Cid, ModelPack> known = [];

    /// <summary>The settings with what proofs of each pack may name as their model; where a manifest can't be had now, that stays unsaid and is logged.</summary>
    /// <param name="settings">Those of this start.</param>
    /// <param name="before">Those of the start before, which name the same for the same pack; null when there was none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">SP5242: a content is no pack; all of them at once.</exception>
    public async ValueTask<PoolSettings> BindAsync(PoolSettings settings, PoolSettings? before, CancellationToken cancellationToken)
    {
        if (settings.Models is not { } models)
        {
            return settings;
        }

        var hashes = new Dictionary<Cid, IReadOnlyList<string>>();
        foreach (var one in before?.Models ?? [])
        {
            if (one.ModelSha256 is { } recorded)
            {
                hashes[one.PackCid] = recorded;
            }
        }

        var read = await Task.WhenAll(models.Where(one => !hashes.ContainsKey(one.PackCid)).DistinctBy(static one => one.PackCid).Select(async one =>
            (Model: one, await TryReadAsync(one.PackCid, cancellationToken))));
        var problems = new Problems();
        foreach (var (model, (pack, refusal)) in read)
        {
            if (pack is not null)
            {
                Note(hashes, model, pack);
            }
            else if (refusal!.Code == ErrorCodes.BoundPackUnusable)
            {
                problems.Add(refusal.Code, $"models: '{model.Alias}' is bound to {model.PackCid}, which is no model pack: {refusal.Reason}");
            }
            else
            {
                DaemonLog.PackMissing(logger, model.Alias, model.PackCid.ToString(), refusal.ToString());
            }
        }

        problems.ThrowIfAny();
        return settings with { Models = [.. models.Select(one => one with { ModelSha256 = hashes.GetValueOrDefault(one.PackCid) })] };
    }

    /// <summary>A pack's manifest; or what was wrong: SP5242 when it is none, else that it can't be had now. Throws only when cancelled from outside.</summary>
    public async ValueTask<(ModelPack? Pack, Refusal? Refusal)> TryReadAsync(Cid cid, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(cid, out var pack))
        {
            return (pack, null);
        }

        var (manifest, refusal) = await content.FetchAsync(cid, ModelPackCodec.MaxBytes, patience, cancellationToken);
        if (refusal is not null)
        {
            return (null, refusal.Code == ErrorCodes.ContentTooLarge ? new Refusal(ErrorCodes.BoundPackUnusable, refusal.Reason) : refusal);
        }

        return ModelPackCodec.TryDecode(manifest, out pack, out var refusals)
            ? (known.GetOrAdd(cid, pack), null)
            : (null, new Refusal(ErrorCodes.BoundPackUnusable, refusals[0].ToString()));
    }

    private void Note(Dictionary<Cid, IReadOnlyList<string>> hashes, PoolModel model, ModelPack pack)
    {
        var said = pack.ModelHashes;
        if (said.Count <= MostHashes)
        {
            hashes[model.PackCid] = said;
        }
        else
        {
            DaemonLog.PackSaysNoModel(logger, model.Alias, model.PackCid.ToString(), said.Count, MostHashes);
        }
    }
}
