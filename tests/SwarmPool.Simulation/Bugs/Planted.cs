using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Settlement;
using SwarmPool.Simulation.Network;
using SwarmPool.Simulation.State;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Bugs;

/// <summary>Puts one mistake into the daemon's parts, or a miner's; none by default.</summary>
internal sealed class Planted(Bug bug)
{
    public Bug Bug => bug;

    /// <summary>Whether the audit by the true rules would tell it at once; then it is left out, and the others have to find it.</summary>
    public bool ChangesRules => bug != Bug.None;

    public Decision Decide(PoolState state, PoolInput input, PoolFacts facts, long at) =>
        bug == Bug.None ? PoolMachine.Decide(state, input, facts, at) : WrongRules.Decide(bug, state, input, facts, at);

    public ITransport Transport(ITransport inner) =>
        bug is Bug.P19_LoopAwaitsFetches or Bug.P16_SealingAgainSignsAnother ? new WrongTransport(inner, bug) : inner;

    public IPoolJournal Journal(IPoolJournal inner) => bug is Bug.LedgerMissesTheLastRecord or Bug.NewLeaderMissesTheTail or Bug.NewLeaderSkipsTheBacklog or Bug.LeaderGoesOnSpeaking ? new WrongJournal(inner, bug) : inner;

    public ISettlementPolicy Policy(ISettlementPolicy inner) => bug == Bug.PolicyLosesAMicroUnit ? new LosingPolicy(inner) : inner;

    public ISigner Signer(ISigner inner) => bug == Bug.P16_SealingAgainSignsAnother ? new RestlessSigner(inner) : inner;

    public IIdentityProvider Names(IIdentityProvider inner) => bug == Bug.P11_AnyKeySigns ? new OpenNames() : inner;

    /// <summary>What a miner takes for the pool's time.</summary>
    public PoolClock Clock(TimeProvider time) => bug == Bug.MinerGoesByItsOwnClock ? new OwnClock(time) : new PoolClock(time);

    /// <summary>What happens to the disk and the store when the daemon dies, beyond what may happen.</summary>
    public void Crash(SimDisk disk, SimNetwork network)
    {
        if (bug == Bug.JournalAnswersTooEarly)
        {
            disk.LoseLast();
        }
        else if (bug == Bug.JournalTearsBatches)
        {
            disk.TearLast();
        }
        else if (bug == Bug.StoreForgetsUnpinned)
        {
            network.Contents.Clear();
        }
    }
}
