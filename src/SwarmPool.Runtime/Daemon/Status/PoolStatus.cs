using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Status;

/// <summary>Where a pool stands by its journal, whether its daemon runs or not.</summary>
/// <param name="Journal">Where the journal is.</param>
/// <param name="Term">The last daemon's term; 0 when none has led yet.</param>
/// <param name="Records">Records in the journal.</param>
/// <param name="Head">The last record's hash, lower-case hex.</param>
/// <param name="At">When the last record was decided, unix milliseconds; 0 for an empty journal.</param>
/// <param name="PendingJobs">Jobs that wait for a miner.</param>
/// <param name="ClaimedJobs">Jobs at work.</param>
/// <param name="Miners">Registered miners.</param>
/// <param name="TotalJobs">Jobs accepted since the pool began.</param>
/// <param name="TotalProofs">Proofs accepted since the pool began.</param>
/// <param name="TotalVolume">Volume decided since the pool began.</param>
/// <param name="OpenEpoch">The open epoch; null before the first start.</param>
/// <param name="UnsealedEpochs">Closed epochs that are not sealed yet, oldest first.</param>
/// <param name="LastSealed">The last sealed epoch; null before the first.</param>
/// <param name="ModelsWithoutMiner">Models that jobs wait for and no registered miner offers, by name.</param>
/// <param name="LastSettlement">The newest settlement among the records of the open epoch and of those not sealed yet; null when there is none.</param>
/// <param name="Leader">The daemon that leads now; null when none does.</param>
/// <param name="Standbys">The daemons that stand by, by name; null when that was not asked.</param>
public sealed record PoolStatus(
    string Journal,
    long Term,
    long Records,
    string Head,
    long At,
    long PendingJobs,
    long ClaimedJobs,
    int Miners,
    long TotalJobs,
    long TotalProofs,
    Usdc TotalVolume,
    EpochStatus? OpenEpoch,
    IReadOnlyList<EpochStatus> UnsealedEpochs,
    Cid? LastSealed,
    IReadOnlyList<WaitingModel> ModelsWithoutMiner,
    SettlementStatus? LastSettlement = null,
    LeaderStatus? Leader = null,
    IReadOnlyList<StandbyStatus>? Standbys = null)
{
    /// <summary>Reads it. Takes no lease, so it works while a daemon writes; it applies what was decided and judges nothing.</summary>
    /// <param name="journal">The pool's journal.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JournalException">There is no journal, or it can't be read.</exception>
    /// <exception cref="SwarmPoolException">SP4003: its records don't chain.</exception>
    public static async Task<PoolStatus> ReadAsync(IPoolJournal journal, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var (state, head, _) = await JournalReplay.RestoreAsync(journal, TaskScheduler.Current, NullLogger.Instance, cancellationToken);
        var standing = await journal.MembersAsync(cancellationToken);
        return new PoolStatus(
            journal.Location,
            state.Term,
            head.Sequence,
            Convert.ToHexStringLower(head.Hash.Span),
            state.At,
            state.Jobs.PendingCount,
            state.Jobs.ClaimedCount,
            state.Miners.Count,
            state.TotalJobs,
            state.TotalProofs,
            state.TotalVolume,
            state.Epochs.Open is { } open ? EpochStatus.Of(open) : null,
            [.. state.Epochs.Closed.Select(EpochStatus.Of)],
            state.Epochs.LastSealed.IsEmpty ? null : state.Epochs.LastSealed,
            [.. state.Jobs.InOrder()
                .Where(job => job.Phase == JobPhase.Pending && state.Miners.Offering(job.Model) == 0)
                .GroupBy(job => job.Model, StringComparer.Ordinal)
                .Select(waiting => new WaitingModel(waiting.Key, waiting.Count()))
                .OrderBy(waiting => waiting.Model, StringComparer.Ordinal)],
            await SettlementStatus.LastAsync(journal, state, cancellationToken),
            LeaderStatus.Of(standing),
            StandbyStatus.Of(standing, head.Sequence));
    }
}

/// <summary>An epoch that is not sealed yet.</summary>
/// <param name="EpochId">Its identity, e.g. "epoch-7".</param>
/// <param name="StartedAt">Unix milliseconds, UTC.</param>
/// <param name="EndedAt">Unix milliseconds, UTC; 0 while it is open.</param>
/// <param name="Jobs">Jobs decided in it.</param>
/// <param name="Proofs">Proofs that are paid.</param>
/// <param name="Volume">The jobs' prices.</param>
/// <param name="Settled">Whether its settlement is recorded; only its publishing is left then.</param>
public sealed record EpochStatus(string EpochId, long StartedAt, long EndedAt, long Jobs, long Proofs, Usdc Volume, bool Settled)
{
    internal static EpochStatus Of(EpochAccount epoch) =>
        new(epoch.Id, epoch.StartedAt, epoch.EndedAt, epoch.Jobs, epoch.Proofs, epoch.Volume, epoch.SettledSequence > 0);
}

/// <summary>A model that jobs wait for.</summary>
/// <param name="Model">The model.</param>
/// <param name="Jobs">How many jobs wait for it.</param>
public sealed record WaitingModel(string Model, int Jobs);
