using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>Which pack a job's model is, where the pool says so, and that a proof is of that one.</summary>
internal static class ModelRules
{
    private const int MostShown = 8;

    /// <summary>The pack that the pool binds a model to, by an alias or by its own CID; null where the pool binds none. Else the refusal.</summary>
    public static (Cid? Pack, Decision? Refused) Bind(PoolState state, string model)
    {
        if (state.Settings!.Models is not { } taken)
        {
            return (null, null);
        }

        foreach (var one in taken)
        {
            if (one.Alias == model || one.PackCid.ToString() == model)
            {
                return (one.PackCid, null);
            }
        }

        var aliases = taken.Select(static one => one.Alias).ToList();
        var more = aliases.Count > MostShown ? $" and {aliases.Count - MostShown} more" : "";
        return (null, Decision.Refuse(
            ErrorCodes.ModelNotTaken, $"This pool does not take the model {model}; it takes {string.Join(", ", aliases.Take(MostShown))}{more}.{NearestName.Hint(model, aliases)}"));
    }

    /// <summary>What miners have to offer to do such a job.</summary>
    public static string Offer(Cid? pack, string model) => pack?.ToString() ?? model;

    /// <summary>
    /// The refusal of a proof that names another pack than the job was bound to, or another model than that pack has; null when it names these, or the job is
    /// bound to none.
    /// </summary>
    public static Decision? WrongPack(PoolState state, JobEntry job, ProofSnapshot proof)
    {
        if (job.PackCid is not { } pack)
        {
            return null;
        }

        if (proof.Metrics.PackCid != pack)
        {
            return Decision.Refuse(ErrorCodes.WrongPack, $"The job's model {job.Model} is the pack {pack}; the proof names {proof.Metrics.PackCid?.ToString() ?? "none"}.");
        }

        // A job keeps its pack when the alias is bound anew; what is not known any longer of that pack is not asked.
        return Hashes(state.Settings!, pack) is not { } hashes || hashes.Contains(proof.Metrics.ModelSha256, StringComparer.Ordinal)
            ? null
            : Decision.Refuse(ErrorCodes.ModelBytesDiffer, $"The proof's model has the SHA-256 {proof.Metrics.ModelSha256}; by the manifest of the pack {pack} it is {string.Join(" or ", hashes.Take(MostShown))}.");
    }

    private static IReadOnlyList<string>? Hashes(PoolSettings settings, Cid pack)
    {
        foreach (var one in settings.Models ?? [])
        {
            if (one.PackCid == pack)
            {
                return one.ModelSha256;
            }
        }

        return null;
    }
}
