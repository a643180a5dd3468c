using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Snapshots;

/// <summary>
/// The pool's published state: counters, and lists as pages by CID (an unchanged page keeps its CID). The higher
/// (term, sequence) is the newer; two different states of one (term, sequence) are evidence against the operator.
/// </summary>
public sealed record PoolStateSnapshot : Snapshot
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.State;

    /// <inheritdoc/>
    [JsonIgnore]
    public override EnsName Signer => Pool;

    /// <summary>The daemon's term.</summary>
    public required long Term { get; init; }

    /// <summary>The last journal record in it.</summary>
    public required long Sequence { get; init; }

    /// <summary>That record's hash, lower-case hex.</summary>
    public required string JournalHead { get; init; }

    /// <summary>The number of the rules in force.</summary>
    public required int Rules { get; init; }

    /// <summary>Jobs accepted since the pool began.</summary>
    public required long TotalJobs { get; init; }

    /// <summary>Proofs accepted since the pool began.</summary>
    public required long TotalProofs { get; init; }

    /// <summary>Volume decided since the pool began.</summary>
    public required Usdc TotalVolumeUsdc { get; init; }

    /// <summary>The open epoch.</summary>
    public required string CurrentEpoch { get; init; }

    /// <summary>Jobs decided in the open epoch.</summary>
    public required long EpochJobs { get; init; }

    /// <summary>Volume decided in the open epoch.</summary>
    public required Usdc EpochVolume { get; init; }

    /// <summary>Unix milliseconds when the open epoch began.</summary>
    public required long LastEpochSeal { get; init; }

    /// <summary>The CID of the last sealed epoch; absent before the first.</summary>
    public Cid? LastEpoch { get; init; }

    /// <summary>Pages of <see cref="JobNewItem"/>: jobs that wait.</summary>
    public required IReadOnlyList<Cid> PendingJobs { get; init; }

    /// <summary>How many jobs wait.</summary>
    public required long PendingCount { get; init; }

    /// <summary>Pages of <see cref="ClaimAcceptedItem"/>: jobs at work.</summary>
    public required IReadOnlyList<Cid> ClaimedJobs { get; init; }

    /// <summary>How many jobs are at work.</summary>
    public required long ClaimedCount { get; init; }

    /// <summary>Pages of <see cref="MinerStateItem"/>: registered miners.</summary>
    public required IReadOnlyList<Cid> ActiveMiners { get; init; }

    /// <summary>How many miners are registered.</summary>
    public required long MinerCount { get; init; }

    /// <summary>How many miners were heard of lately.</summary>
    public required long OnlineMiners { get; init; }

    /// <summary>How often a miner should send a heartbeat, in seconds.</summary>
    public required int HeartbeatSeconds { get; init; }

    /// <summary>How long a claim lives without renewal, in seconds.</summary>
    public required int ClaimTimeoutSeconds { get; init; }

    /// <summary>The models that jobs may ask for, by alias or by the pack's CID, at most 64; absent where a job may ask for any.</summary>
    public IReadOnlyList<PoolModelItem>? Models { get; init; }

    /// <summary>What jobs for a model have to pay for what is counted, at least; at most 64, absent where a job may offer what it likes.</summary>
    public IReadOnlyList<ModelPriceItem>? Prices { get; init; }

    /// <summary>SHA-256 of the secret that the open epoch's draws are made by, lower-case hex; absent where the pool checks no work.</summary>
    public string? DrawCommitment { get; init; }

    /// <summary>Pages of <see cref="TrustItem"/>: what payees' work was found to be; absent where the pool checks no work.</summary>
    public IReadOnlyList<Cid>? Trust { get; init; }
}

/// <summary>What is known of a payee's work with one model.</summary>
/// <param name="Address">The payee.</param>
/// <param name="Model">The model: the pack's CID where the pool binds one.</param>
/// <param name="Decided">Jobs decided by its work since its last that was found wrong.</param>
/// <param name="Checked">Jobs of its that others checked.</param>
/// <param name="Wrong">Jobs of its that were found wrong.</param>
/// <param name="Marks">Times that it withheld an answer, or was the one of three who was wrong.</param>
/// <param name="LlrMilliNats">Where the sequential test over its checked answers stands, in thousandths of a nat.</param>
/// <param name="HeldMicro">What it earned that is not paid yet, in micro-USDC.</param>
/// <param name="Record">The sequence of the journal's record by which it last changed.</param>
public sealed record TrustItem(
    EthAddress Address, string Model, long Decided, long Checked, long Wrong, int Marks, long LlrMilliNats, long HeldMicro, long Record)
{
    /// <summary>Work of its decided up to this record is never paid if it was still held then; null while nothing was found wrong.</summary>
    public long? StruckAt { get; init; }
}

/// <summary>A model that a pool takes.</summary>
/// <param name="Alias">What jobs may call it; as a job's model, at most 64 characters.</param>
/// <param name="PackCid">The pack that is meant.</param>
public sealed record PoolModelItem(string Alias, Cid PackCid);

/// <summary>A registered miner in the published state.</summary>
/// <param name="Miner">Its name.</param>
/// <param name="Mode">SOLO or PPS.</param>
/// <param name="Models">The models it runs.</param>
/// <param name="Gpus">Its GPUs.</param>
/// <param name="RegisteredAt">The registration's timestamp, unix seconds.</param>
/// <param name="JobsCompleted">Proofs of its that were accepted.</param>
/// <param name="CoolDownUntil">Unix milliseconds: it may not claim before; 0 when it may.</param>
public sealed record MinerStateItem(
    EnsName Miner, MiningMode Mode, IReadOnlyList<string> Models, IReadOnlyList<string> Gpus, long RegisteredAt, long JobsCompleted, long CoolDownUntil)
{
    /// <summary>What it did for each of its latest clients, the latest last, at most <see cref="MostStanding"/>; null when none of its claims has ended.</summary>
    public IReadOnlyList<StandingItem>? Standing { get; init; }

    /// <summary>The most clients that are told of one miner.</summary>
    public const int MostStanding = 8;
}

/// <summary>What a miner did for one client.</summary>
/// <param name="Client">The client.</param>
/// <param name="Decided">Jobs of the client's that were decided by the miner's output.</param>
/// <param name="Strikes">Jobs of the client's in a row, since then, that it had and did not do.</param>
/// <param name="PauseUntil">Unix milliseconds: it may not claim the client's jobs before; 0 when it may.</param>
/// <param name="Record">The sequence of the journal's record by which it last changed.</param>
public sealed record StandingItem(EnsName Client, long Decided, int Strikes, long PauseUntil, long Record);

/// <summary>A page of a list: content-addressed, not signed; the signed snapshot names it by CID.</summary>
/// <typeparam name="TItem">The items' shape.</typeparam>
/// <param name="Items">The items, in order.</param>
public sealed record SnapshotPage<TItem>(IReadOnlyList<TItem> Items);
