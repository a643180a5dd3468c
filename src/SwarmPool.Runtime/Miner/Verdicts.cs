using SwarmPool.Identity;
using SwarmPool.Runtime.Collections;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>Tells people what the pool decided of this miner's work, and of the checks that it did for others: once, however often the pool says it.</summary>
internal sealed class Verdicts(EnsName own, IMinerObserver observer)
{
    private readonly BoundedCache<CheckDecidedItem, bool> told = new(10_000);

    /// <summary>Hears an announcement of the pool; called by one loop.</summary>
    public void Hear(Snapshot announcement)
    {
        if (announcement is not ChecksDecided checks)
        {
            return;
        }

        foreach (var item in checks.Items)
        {
            if ((item.Miner == own || item.Checker == own) && !told.TryGet(item, out _))
            {
                told.Set(item, true);
                observer.CheckDecided(item);
            }
        }
    }
}
