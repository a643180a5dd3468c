using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>
/// Where a job stands among those that wait, and how long that may be. Nothing is decided by it: it is what the pool answers to who asks. Of the
/// jobs before it those at work and those that wait for the same model count, less the miners that could do it, each of which frees the next
/// place; these go at the rate of all of these miners together, those that measured nothing taken for as fast as the others.
/// </summary>
internal static class QueueRules
{
    /// <summary>The place of a job that waits.</summary>
    public static JobQueue Of(PoolState state, JobEntry job, Supply supply)
    {
        var (before, atWork) = state.Jobs.Queues.Of(job);
        return new JobQueue(before + 1) { WaitSeconds = Seconds(before + atWork, supply) };
    }

    /// <summary>The models that most jobs wait for, those with most first: one look at each model, however many there are.</summary>
    public static IReadOnlyList<ModelQueueItem> Longest(PoolState state)
    {
        var longest = new PriorityQueue<(QueueKey Key, long Waiting, long AtWork), long>(ModelQueueItem.Most + 1);
        foreach (var one in state.Jobs.Queues.All)
        {
            longest.Enqueue(one, one.Waiting);
            if (longest.Count > ModelQueueItem.Most)
            {
                longest.Dequeue();
            }
        }

        return
        [
            .. longest.UnorderedItems.Select(one => Item(state, one.Element))
                .OrderByDescending(static one => one.Waiting).ThenBy(static one => one.Model, StringComparer.Ordinal),
        ];
    }

    /// <summary>Whole seconds until so many jobs are done or begun; null when nobody measured.</summary>
    public static long? Seconds(long before, Supply supply)
    {
        if (supply.Timed == 0)
        {
            return null;
        }

        var first = before + 1 - supply.Fit;
        if (first <= 0)
        {
            return 0;
        }

        var (work, rate) = ((Int128)first * OfferGroup.RateUnit * supply.Timed, (Int128)supply.Throughput * supply.Fit * 1000);
        return (long)Int128.Min(int.MaxValue, (work + rate - 1) / rate);
    }

    private static ModelQueueItem Item(PoolState state, (QueueKey Key, long Waiting, long AtWork) one)
    {
        var supply = MatchingRules.Of(state, new JobWants(one.Key.Wanted, null, Usdc.FromMicro(Usdc.MaxMicro)));
        return new ModelQueueItem(NameOf(state, one.Key), one.Waiting, one.AtWork, supply.Have) { WaitSeconds = Seconds(one.Waiting + one.AtWork, supply) };
    }

    private static string NameOf(PoolState state, QueueKey key) =>
        key.Pack is { } pack && state.Settings?.Models?.FirstOrDefault(one => one.PackCid == pack) is { } bound ? bound.Alias : key.Wanted;
}
