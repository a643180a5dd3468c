using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Reader;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Client.Jobs;

/// <summary>Which model was meant by one that no miner offers: by what the pool's signed state lists of its miners.</summary>
/// <param name="reader">Reads the state.</param>
internal sealed class ModelHints(PoolReader reader)
{
    private const int MostMiners = 2_000;
    private const int MostModels = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>" Did you mean digits-16?", with the space before; empty when none that is offered is near, or nothing can be read in time.</summary>
    public async Task<string> OfAsync(string model, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            var (miners, models) = (0, new HashSet<string>(StringComparer.Ordinal));
            var view = await reader.ReadAsync(Patience, limit.Token);
            await foreach (var miner in reader.ReadMinersAsync(view, limit.Token))
            {
                models.UnionWith(miner.Models);
                if (++miners == MostMiners || models.Count > MostModels)
                {
                    break;
                }
            }

            return models.Contains(model) ? "" : NearestName.Hint(model, models);
        }
        catch (Exception unread) when (unread is SwarmPoolException or TransportException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return ""; // The job waits, hint or no hint.
        }
    }
}
