using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Backends;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// Takes a model that ends the backend's process again and again out of what the miner offers: it registers without it, and claims no more
/// jobs for it. With the last one the miner ends.
/// </summary>
/// <param name="deaths">Tells which.</param>
/// <param name="offer">What was offered at the start.</param>
/// <param name="filter">Says which jobs are for this miner.</param>
/// <param name="watch">Has jobs that wait.</param>
/// <param name="registration">Tells the pool.</param>
/// <param name="observer">Told.</param>
/// <param name="logger">Told.</param>
internal sealed class ModelWithdrawal(
    BackendDeaths deaths, MinerOffer offer, JobFilter filter, JobWatch watch, Registration registration, IMinerObserver observer, ILogger<ModelWithdrawal> logger)
{
    /// <exception cref="SwarmPoolException">SP5226: no model is left.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var gone = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var changed = deaths.Changed;
            foreach (var (model, what) in deaths.Withdrawn)
            {
                if (gone.Add(model))
                {
                    Withdraw(model, what, gone);
                }
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Withdraw(string model, string what, HashSet<string> gone)
    {
        var why = $"its backend {what.TrimEnd('.')}, {BackendDeaths.Enough} times in a row";
        MinerLog.ModelWithdrawn(logger, model, why);
        observer.ModelWithdrawn(model, ErrorCodes.ModelEndsProcess, why);
        var left = offer.Without(gone);
        if (left.Models.Count == 0)
        {
            throw new SwarmPoolException(ErrorCodes.ModelEndsProcess, $"No model is left to offer: with {model} {why}. Replace the model or the backend, and start again.");
        }

        filter.Narrow(left.Takes);
        watch.Narrow();
        registration.Offer(left);
    }
}
