using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Pool;
using SwarmPool.Settlement;
using SwarmPool.Simulation.Tests.Engine;
using SwarmPool.Simulation.Tests.State;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Tests.Bugs;

/// <summary>Puts one mistake into the daemon's parts; none by default.</summary>
internal sealed class Planted(Bug bug)
{
    public Bug Bug => bug;

    /// <summary>Whether the audit by the true rules would tell it at once; then it is left out, and the others have to find it.</summary>
    public bool ChangesRules => false;

    public Decision Decide(PoolState state, PoolInput input, PoolFacts facts, long at) => PoolMachine.Decide(state, input, facts, at);

    public ITransport Transport(ITransport inner, SimProcess process) => inner;

    public IPoolJournal Journal(IPoolJournal inner, SimDisk disk) => inner;

    public ISettlementPolicy Policy(ISettlementPolicy inner) => inner;

    public void Names(SwarmPoolBuilder builder)
    {
    }
}
