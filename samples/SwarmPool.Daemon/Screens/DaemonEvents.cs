using SwarmPool.Identity;
using SwarmPool.Programs.Reporting;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Daemon.Screens;

/// <summary>What the daemon does, for machines: one JSON object a line.</summary>
public sealed class DaemonEvents(EventWriter events) : IDaemonObserver
{
    /// <inheritdoc/>
    public void Started(EnsName pool, long term, long records, string journal) => Write("started", new { pool, term, records, journal });

    /// <inheritdoc/>
    public void ChecksBy(CheckPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Write("checks", new { on = policy.IsOn, policy.Verifier, policy.Text, policy.Condition });
    }

    /// <inheritdoc/>
    public void StandingBy(EnsName pool, JournalLeader? leader, long records, string journal) =>
        Write("standing_by", new { pool, leader = leader?.Owner, term = leader?.Fence, since = leader?.Since.ToUnixTimeMilliseconds(), records, journal });

    /// <inheritdoc/>
    public void Followed(long records, TimeSpan lag) => Write("followed", new { records, lag_ms = (long)lag.TotalMilliseconds });

    /// <inheritdoc/>
    public void Announced(string type, object item) => Write(NameOf(type), item);

    /// <inheritdoc/>
    public void Refused(string type, EnsName from, string code, string reason) => Write("refused", new { type, from, code, reason });

    /// <inheritdoc/>
    public void MinerOffline(EnsName miner) => Write("miner_offline", new { miner });

    /// <inheritdoc/>
    public void Dropped(string topic, string code, string reason) => Write("dropped", new { topic, code, reason });

    /// <inheritdoc/>
    public void Sealed(EpochSnapshot epoch, Cid cid, IReadOnlyList<PayoutItem> payouts)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        Write("epoch_settled", new { epoch.EpochId, cid, epoch.JobsCount, epoch.ProofsCount, epoch.TotalVolumeUsdc, epoch.Settlements.MinerPool, epoch.Settlements.HiveOps, epoch.PolicyReplaced, payouts, epoch.Settlements.Declared });
    }

    /// <inheritdoc/>
    public void Unsettled(string epochId, string code, string reason) => Write("epoch_unsettled", new { epochId, code, reason });

    /// <inheritdoc/>
    public void StatePublished(PoolStateSnapshot state, Cid cid)
    {
        ArgumentNullException.ThrowIfNull(state);
        Write("state_published", new { cid, state.Term, state.Sequence, state.PendingCount, state.ClaimedCount, state.MinerCount, state.OnlineMiners });
    }

    /// <inheritdoc/>
    public void ClockJumped(TimeSpan by, ClockJumpPhase phase) =>
        Write("clock_jumped", new { code = ErrorCodes.ClockJumped, by_ms = (long)by.TotalMilliseconds, phase = ClockText.Word(phase) });

    /// <inheritdoc/>
    public void Placed(EnsName pool, LocationComparison compared)
    {
        ArgumentNullException.ThrowIfNull(compared);
        Write("placed", new { pool, state = compared.Published.State, transport = compared.Published.PeersText, compared.Differences });
    }

    // "jobs/new" is "job_new" here: one event a job.
    private static string NameOf(string type)
    {
        var slash = type.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? type : $"{type[..slash].TrimEnd('s')}_{type[(slash + 1)..]}";
    }

    private void Write(string name, object item) => events.Write(name, item);
}
