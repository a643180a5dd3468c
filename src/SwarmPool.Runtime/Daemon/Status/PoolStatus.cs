using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.Runtime.Daemon.Timing;
using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Status;

/// <summary>Where a pool stands by its journal, whether its daemon runs or not.</summary>
public sealed record PoolStatus
{
    /// <summary>Where the journal is.</summary>
    public required string Journal { get; init; }

    /// <summary>The last daemon's term; 0 when none has led yet.</summary>
    public required long Term { get; init; }

    /// <summary>Records in the journal.</summary>
    public required long Records { get; init; }

    /// <summary>The last record's hash, lower-case hex.</summary>
    public required string Head { get; init; }

    /// <summary>When the last record was decided, unix milliseconds; 0 for an empty journal.</summary>
    public required long At { get; init; }

    /// <summary>Jobs that wait for a miner.</summary>
    public required long PendingJobs { get; init; }

    /// <summary>Jobs at work.</summary>
    public required long ClaimedJobs { get; init; }

    /// <summary>Registered miners.</summary>
    public required int Miners { get; init; }

    /// <summary>Jobs accepted since the pool began.</summary>
    public required long TotalJobs { get; init; }

    /// <summary>Proofs accepted since the pool began.</summary>
    public required long TotalProofs { get; init; }

    /// <summary>Volume decided since the pool began.</summary>
    public required Usdc TotalVolume { get; init; }

    /// <summary>The open epoch; null before the first start.</summary>
    public required EpochStatus? OpenEpoch { get; init; }

    /// <summary>Closed epochs that are not sealed yet, oldest first.</summary>
    public required IReadOnlyList<EpochStatus> UnsealedEpochs { get; init; }

    /// <summary>The last sealed epoch; null before the first.</summary>
    public required Cid? LastSealed { get; init; }

    /// <summary>Models that jobs wait for and no registered miner offers, by name.</summary>
    public required IReadOnlyList<WaitingModel> ModelsWithoutMiner { get; init; }

    /// <summary>The newest settlement among the records of the open epoch and of those not sealed yet; null when there is none.</summary>
    public SettlementStatus? LastSettlement { get; init; }

    /// <summary>What is configured to settle epochs; null when that was not asked.</summary>
    public string? Policy { get; init; }

    /// <summary>Whom the policy pays besides miners and operations, by the last daemon's settings; empty when that is nobody.</summary>
    public IReadOnlyList<Payee> Payees { get; init; } = [];

    /// <summary>The models that jobs may ask for, by the last daemon's settings, in the order of their aliases; empty where they may ask for any.</summary>
    public IReadOnlyList<BoundModel> Models { get; init; } = [];

    /// <summary>The daemon that leads now; null when none does.</summary>
    public LeaderStatus? Leader { get; init; }

    /// <summary>The daemons that stand by, by name; null when that was not asked.</summary>
    public IReadOnlyList<StandbyStatus>? Standbys { get; init; }

    /// <summary>The last time that a leader's clock jumped, or was found behind the journal; null when it never was.</summary>
    public ClockStatus? ClockJump { get; init; }

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
        return new PoolStatus
        {
            Journal = journal.Location,
            Term = state.Term,
            Records = head.Sequence,
            Head = Convert.ToHexStringLower(head.Hash.Span),
            At = state.At,
            PendingJobs = state.Jobs.PendingCount,
            ClaimedJobs = state.Jobs.ClaimedCount,
            Miners = state.Miners.Count,
            TotalJobs = state.TotalJobs,
            TotalProofs = state.TotalProofs,
            TotalVolume = state.TotalVolume,
            OpenEpoch = state.Epochs.Open is { } open ? EpochStatus.Of(open) : null,
            UnsealedEpochs = await EpochStatus.OfAsync(journal, state, cancellationToken),
            LastSealed = state.Epochs.LastSealed.IsEmpty ? null : state.Epochs.LastSealed,
            ModelsWithoutMiner = [.. state.Jobs.InOrder()
                .Where(job => job.Phase == JobPhase.Pending && state.Miners.Offering(job.Wanted) == 0)
                .GroupBy(job => job.Model, StringComparer.Ordinal)
                .Select(waiting => new WaitingModel(waiting.Key, waiting.Count()))
                .OrderBy(waiting => waiting.Model, StringComparer.Ordinal)],
            LastSettlement = await SettlementStatus.LastAsync(journal, state, cancellationToken),
            Payees = state.Settings?.Payees ?? [],
            Models = [.. (state.Settings?.Models ?? []).Select(static one => new BoundModel(one.Alias, one.PackCid, one.ModelSha256))],
            Leader = LeaderStatus.Of(standing),
            Standbys = StandbyStatus.Of(standing, head.Sequence),
            ClockJump = ClockStatus.Of(await LastClockJump.LoadAsync(journal, cancellationToken)),
        };
    }
}

/// <summary>A jump of a leader's clock (SP4011).</summary>
/// <param name="At">When it was told last, unix milliseconds, UTC, by that daemon's clock.</param>
/// <param name="ByMs">How far it was off, milliseconds; above zero is ahead.</param>
/// <param name="Phase">What was known of it then.</param>
public sealed record ClockStatus(long At, long ByMs, ClockJumpPhase Phase)
{
    internal static ClockStatus? Of((ClockJump Jump, long AtMs)? last) =>
        last is var (jump, at) ? new(at, (long)jump.By.TotalMilliseconds, jump.Phase) : null;
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
    /// <summary>The code by which its settlement was refused last, e.g. SP3410; null when it is settled, or was not tried.</summary>
    public string? Refused { get; init; }

    internal static async ValueTask<IReadOnlyList<EpochStatus>> OfAsync(IPoolJournal journal, PoolState state, CancellationToken cancellationToken)
    {
        var epochs = state.Epochs.Closed.Select(Of).ToList();
        if (state.Epochs.Closed.FindIndex(static epoch => epoch.SettledSequence == 0) is >= 0 and var next)
        {
            epochs[next] = epochs[next] with { Refused = await FailedPolicy.CodeAsync(journal, state.Epochs.Closed[next].Number, cancellationToken) };
        }

        return epochs;
    }

    internal static EpochStatus Of(EpochAccount epoch) =>
        new(epoch.Id, epoch.StartedAt, epoch.EndedAt, epoch.Jobs, epoch.Proofs, epoch.Volume, epoch.SettledSequence > 0);
}

/// <summary>A model that a pool takes.</summary>
/// <param name="Alias">What jobs may call it.</param>
/// <param name="PackCid">The pack that is meant; its daemon keeps that pack's manifest pinned.</param>
/// <param name="ModelSha256">What proofs may name as the model's hash, lower-case hex; null where the manifest could not be had: then it is not compared.</param>
public sealed record BoundModel(string Alias, Cid PackCid, IReadOnlyList<string>? ModelSha256);

/// <summary>A model that jobs wait for.</summary>
/// <param name="Model">The model.</param>
/// <param name="Jobs">How many jobs wait for it.</param>
public sealed record WaitingModel(string Model, int Jobs);

/// <summary>The daemon that leads a pool.</summary>
/// <param name="Owner">Who it is: the option <c>instance</c>, else machine and process.</param>
/// <param name="Term">Its term.</param>
/// <param name="Since">When it took the journal, unix milliseconds, UTC.</param>
public sealed record LeaderStatus(string Owner, long Term, long Since)
{
    internal static LeaderStatus? Of(JournalMembers standing) =>
        standing.Leader is { } leader ? new(leader.Owner, leader.Fence, leader.Since.ToUnixTimeMilliseconds()) : null;
}

/// <summary>A daemon that stands by.</summary>
/// <param name="Owner">Who it is: the option <c>instance</c>, else machine and process.</param>
/// <param name="Records">The last record that it had applied when it reported.</param>
/// <param name="Behind">How many records the journal has more by now.</param>
/// <param name="At">When it reported, unix milliseconds, UTC; it does so once a second.</param>
public sealed record StandbyStatus(string Owner, long Records, long Behind, long At)
{
    // One that has just taken over is still among those that reported.
    internal static IReadOnlyList<StandbyStatus> Of(JournalMembers standing, long records) =>
    [
        .. standing.Followers.Where(one => one.Owner != standing.Leader?.Owner).OrderBy(one => one.Owner, StringComparer.Ordinal)
            .Select(one => new StandbyStatus(one.Owner, one.Sequence, Math.Max(0, records - one.Sequence), one.At.ToUnixTimeMilliseconds())),
    ];
}

/// <summary>How an epoch was settled.</summary>
/// <param name="EpochId">The epoch, e.g. "epoch-7".</param>
/// <param name="Policy">The policy's name and version.</param>
/// <param name="PolicyReplaced">Whether it replaced the policy that the pool ran when the epoch closed.</param>
public sealed record SettlementStatus(string EpochId, string Policy, bool PolicyReplaced)
{
    internal static async ValueTask<SettlementStatus?> LastAsync(IPoolJournal journal, PoolState state, CancellationToken cancellationToken)
    {
        // An epoch is settled while a later one is open, so its settlement is not among its own records.
        if ((state.Epochs.Closed.FirstOrDefault() ?? state.Epochs.Open) is not { } from)
        {
            return null;
        }

        SettlementStatus? last = null;
        await foreach (var stored in journal.ReadAsync(from.FromSequence, cancellationToken))
        {
            // Events alone are quick to read; the facts are read of the few records that settle an epoch.
            if (RecordCodec.Decode(stored, withInput: false).Events.OfType<EpochSettled>().FirstOrDefault() is { } settled
                && RecordCodec.Decode(stored, withInput: true).Facts.Settlement is { } fact)
            {
                last = new(EpochAccount.IdOf(settled.Number), $"{fact.Policy.Name} {fact.Policy.Version}", fact.Replaced);
            }
        }

        return last;
    }
}
