using SwarmPool.Core.Pool;
using SwarmPool.Simulation.Engine;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Checks;

/// <summary>Adds up what each epoch decided, and holds what is settled and sealed against it.</summary>
internal sealed class EpochOracle(Pump pump)
{
    private readonly Dictionary<long, (long Jobs, long Micro)> sums = [];
    private readonly HashSet<long> settled = [];

    public long Open { get; private set; }

    /// <summary>The sealed epochs' CIDs by number.</summary>
    public SortedDictionary<long, Cid> Sealed { get; } = [];

    public void Add(long micro)
    {
        var (jobs, sum) = sums.GetValueOrDefault(Open);
        sums[Open] = (jobs + 1, sum + micro);
    }

    public void Read(PoolEvent e, PoolFacts facts)
    {
        switch (e)
        {
            case EpochOpened opened:
                Require(opened.Number == Open + 1, $"epoch {opened.Number} opens after {Open}");
                Open = opened.Number;
                break;
            case EpochClosed closed:
                Require(closed.Number == Open, $"epoch {closed.Number} closes while {Open} is open");
                break;
            case EpochSettled done:
                var (_, volume) = sums.GetValueOrDefault(done.Number);
                var paid = facts.Settlement!.Operations.Micro + facts.Settlement.Miners.Sum(m => m.Amount.Micro);
                Require(settled.Add(done.Number), $"epoch {done.Number} is settled twice");
                Require(paid == volume, $"epoch {done.Number} decided {volume} and pays {paid} micro-USDC");
                break;
            case EpochSealed done:
                var (jobs, sum) = sums.GetValueOrDefault(done.Number);
                Require(Sealed.TryAdd(done.Number, done.Cid), $"epoch {done.Number} is sealed twice");
                Require(done.Jobs == jobs && done.Volume.Micro == sum, $"epoch {done.Number} decided {jobs} jobs for {sum}, and is sealed with {done.Jobs} for {done.Volume.Micro}");
                break;
        }
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            pump.Problem("epochs: " + otherwise);
        }
    }
}
