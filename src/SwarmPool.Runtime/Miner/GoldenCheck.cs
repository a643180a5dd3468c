using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Packs;

namespace SwarmPool.Runtime.Miner;

/// <summary>Runs the golden vectors of the packs that a miner would offer. A model that does not give what they say is not offered.</summary>
internal static class GoldenCheck
{
    /// <exception cref="SwarmPoolException">SP5241, SP5204: no model is left.</exception>
    public static async Task<MinerOffer> RunAsync(MinerOffer offer, MinerDependencies dependencies, ILogger logger, CancellationToken cancellationToken)
    {
        var wrong = new Dictionary<string, Refusal>(StringComparer.Ordinal);
        foreach (var local in offer.Packs.Used.Where(static local => local.Pack.GoldenVectors.Count > 0))
        {
            foreach (var refusal in await GoldenVectorRun.RunAsync(local, dependencies.Backend, dependencies.Role.Time, cancellationToken))
            {
                wrong.TryAdd(local.Pack.Name, refusal);
                MinerLog.NotOffered(logger, local.Pack.Name, refusal.ToString());
                dependencies.Observer.ModelNotOffered(local.Pack.Name, refusal.Code, refusal.Reason);
            }
        }

        var left = wrong.Count == 0 ? offer : offer.Without(wrong.Keys);
        return left.Models.Count > 0 ? left : throw new SwarmPoolException(
            wrong.Values.First().Code, $"No model is left to offer: {string.Join(" ", wrong.Values.Select(static refusal => refusal.Reason))}");
    }
}
