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

    /// <summary>The refusal of a proof that names another pack than the job was bound to; null when it names that one, or the job is bound to none.</summary>
    public static Decision? WrongPack(JobEntry job, ProofSnapshot proof) => job.PackCid is not { } pack || proof.Metrics.PackCid == pack
        ? null
        : Decision.Refuse(ErrorCodes.WrongPack, $"The job's model {job.Model} is the pack {pack}; the proof names {proof.Metrics.PackCid?.ToString() ?? "none"}.");
}
