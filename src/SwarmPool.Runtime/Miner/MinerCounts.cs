using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>The miner's own counts: proofs that the pool accepted, and money that sealed epochs pay. Nothing is counted before.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class MinerCounts(long startedAt)
{
    private readonly Lock gate = new();
    private long completed;
    private Usdc earned;

    public MinerStats Stats
    {
        get
        {
            lock (gate)
            {
                return new MinerStats(completed, earned, startedAt);
            }
        }
    }

    public long Complete()
    {
        lock (gate)
        {
            return ++completed;
        }
    }

    public Usdc Earn(Usdc amount)
    {
        lock (gate)
        {
            return earned += amount;
        }
    }
}
