using Microsoft.Extensions.Logging;
using SwarmPool.Inference;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// Registers again when what the miner has to say of its models has changed: a speed measured for the first time, or by more than a quarter
/// another; a class, a device's memory, a context. At most once in <see cref="Least"/>: each registration is a record of the pool's journal.
/// </summary>
internal sealed class OfferWatch(ModelOffers offers, IInferenceBackend backend, Registration registration, TimeProvider time, ILogger<OfferWatch> logger)
{
    /// <summary>How often it looks, and the least time between two registrations by it.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMinutes(2);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Least, time, cancellationToken);
            try
            {
                offers.Describe(await backend.DescribeAsync(cancellationToken));
            }
            catch (InferenceException e)
            {
                MinerLog.NotDescribed(logger, e.Message);
            }

            if (registration.IsRegistered && offers.HasNews())
            {
                registration.Renew();
            }
        }
    }
}
