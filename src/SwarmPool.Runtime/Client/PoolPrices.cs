using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Reader;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Client;

/// <summary>What the pool asks for models, as its newest signed state says it.</summary>
internal sealed class PoolPrices(StateSource state, PoolListener listener, string pool)
{
    /// <summary>The job with the pool's prices in it, where it wants them.</summary>
    /// <exception cref="SwarmPoolException">SP3472: the pool asks no price for the model. SP5002: no state of the pool's is known.</exception>
    public async Task<JobSpec> FillAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        if (!spec.AtPoolPrices)
        {
            return spec;
        }

        var newest = (await state.ReadPointerAsync(cancellationToken) ?? listener.NewestSigned)?.Body as PoolStateSnapshot
            ?? throw new SwarmPoolException(ErrorCodes.PoolNotHeard, $"What {pool} asks for {spec.Model} is not known: no signed state of it was found. Say the rates, or a fixed price.");
        var price = (newest.Prices ?? []).FirstOrDefault(one => one.Model == spec.Model || newest.Models?.Any(model => model.Alias == one.Model && model.PackCid.ToString() == spec.Model) == true)
            ?? throw new SwarmPoolException(ErrorCodes.NoPoolPrice, $"{pool} publishes no price for {spec.Model}. Say the rates, or a fixed price.");
        return spec with { Rates = price.Rates, AtPoolPrices = false };
    }
}
