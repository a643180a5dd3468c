using SwarmPool.Identity;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Observing;

/// <summary>Is told what a daemon does, for screens. Called on the daemon's own loops: return quickly, throw nothing.</summary>
/// <remarks>Every member has an empty default.</remarks>
public interface IDaemonObserver
{
    /// <summary>The daemon decides from now on.</summary>
    void Started(EnsName pool, long term, long records, string journal)
    {
    }

    /// <summary>The daemon stands by behind another; told again whenever that is another one.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="leader">Who leads; null when that can't be told at the moment.</param>
    /// <param name="records">The last record that it has applied.</param>
    /// <param name="journal">Where the journal is.</param>
    void StandingBy(EnsName pool, JournalLeader? leader, long records, string journal)
    {
    }

    /// <summary>A standby has applied more of the journal. Told at most once a second.</summary>
    /// <param name="records">The last record that it has applied.</param>
    /// <param name="lag">
    /// How long, at most, after the leader had decided it a record was applied here, of those since this was told before: by the clocks of
    /// the two machines. The histogram <c>swarmpool.standby.lag</c> of the meter <c>SwarmPool.Daemon</c> tells it of each.
    /// </param>
    void Followed(long records, TimeSpan lag)
    {
    }

    /// <summary>How the pool checks work, and when cheating loses by that. Told when the daemon begins to decide.</summary>
    void ChecksBy(CheckPolicy policy)
    {
    }

    /// <summary>Something became durable and is announced now: one of the announcement items of <c>SwarmPool.Snapshots</c>.</summary>
    /// <param name="type">The announcement's type, e.g. "jobs/new".</param>
    /// <param name="item">The item.</param>
    void Announced(string type, object item)
    {
    }

    /// <summary>A validly signed message was refused.</summary>
    void Refused(string type, EnsName from, string code, string reason)
    {
    }

    /// <summary>
    /// Something was dropped that nobody is answered for: garbage, a bad signature, an unknown name, too much of anything.
    /// Told at most five times a second for each code: a flood must not become one here. All are counted.
    /// </summary>
    void Dropped(string topic, string code, string reason)
    {
    }

    /// <summary>A miner has not been heard of for two minutes (more where heartbeats are rarer). Its claims run out by themselves.</summary>
    void MinerOffline(EnsName miner)
    {
    }

    /// <summary>An epoch was settled and published.</summary>
    void Sealed(EpochSnapshot epoch, Cid cid, IReadOnlyList<PayoutItem> payouts)
    {
    }

    /// <summary>An epoch could not be settled; its ledger is intact.</summary>
    void Unsettled(string epochId, string code, string reason)
    {
    }

    /// <summary>The pool's state was published.</summary>
    void StatePublished(PoolStateSnapshot state, Cid cid)
    {
    }

    /// <summary>The machine's clock jumped (SP4011), or is behind the journal. Told when it is noticed, and when it is known what it was.</summary>
    /// <param name="by">How far; above zero is ahead.</param>
    /// <param name="phase">What is known of it.</param>
    void ClockJumped(TimeSpan by, ClockJumpPhase phase)
    {
    }

    /// <summary>What the pool's name should say of where the pool is, and what it says otherwise. Told at the start and when it changes.</summary>
    void Placed(EnsName pool, LocationComparison compared)
    {
    }
}

/// <summary>Tells nobody.</summary>
internal sealed class SilentDaemonObserver : IDaemonObserver;
