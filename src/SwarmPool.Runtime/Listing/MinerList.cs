using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Listing;

/// <summary>What a listed miner does.</summary>
public enum MinerListStatus
{
    /// <summary>It holds no claim.</summary>
    [JsonStringEnumMemberName("idle")]
    Idle = 0,

    /// <summary>It works on a job.</summary>
    [JsonStringEnumMemberName("working")]
    Working,
}

/// <summary>Which miners are listed: those of which all of it is true.</summary>
public sealed record MinerListFilter
{
    /// <summary>What they do; null: anything.</summary>
    public MinerListStatus? Status { get; init; }

    /// <summary>One miner; null: all.</summary>
    public EnsName? Miner { get; init; }

    /// <summary>A model that they offer; null: any.</summary>
    public string? Model { get; init; }

    /// <summary>When they last registered, claimed or proved, and how many.</summary>
    public ListRange Range { get; init; } = new();
}

/// <summary>A miner of a list: what the journal has of it since it registered first.</summary>
/// <param name="Miner">Its name.</param>
/// <param name="Status">What it does.</param>
/// <param name="Mode">SOLO or PPS.</param>
/// <param name="Models">The models that it offers.</param>
/// <param name="Gpus">Its GPUs, as it says.</param>
/// <param name="Payout">Where its work is paid now.</param>
/// <param name="RegisteredAt">Its first registration, unix milliseconds, UTC.</param>
/// <param name="LastAt">Its last registration, claim or proof, unix milliseconds, UTC. Heartbeats are no records.</param>
/// <param name="AtWork">Jobs that it holds.</param>
/// <param name="Proofs">Proofs of its that were accepted.</param>
/// <param name="Lapsed">Claims of its that ended without a proof.</param>
/// <param name="Decided">Proofs of its that decided a job, and are paid.</param>
/// <param name="Volume">The prices of those, its parts; what an epoch pays of them is the policy's to say.</param>
public sealed record ListedMiner(
    EnsName Miner, MinerListStatus Status, MiningMode Mode, IReadOnlyList<string> Models, IReadOnlyList<string> Gpus, EthAddress Payout, long RegisteredAt, long LastAt,
    int AtWork, long Proofs, long Lapsed, long Decided, Usdc Volume)
{
    /// <summary>What it says of its models; null when nothing.</summary>
    public IReadOnlyList<ModelOffer>? Offers { get; init; }
}

/// <summary>A pool's registered miners, by its journal; who did something last comes first.</summary>
/// <param name="Miners">Those that are shown.</param>
/// <param name="More">How many there are beyond those.</param>
/// <param name="Records">How many records were read.</param>
public sealed record MinerList(IReadOnlyList<ListedMiner> Miners, long More, long Records)
{
    /// <summary>Reads the whole journal once. Takes no lease, so it works while a daemon writes. Memory: the registered miners, and the jobs that are at work at one time.</summary>
    /// <param name="journal">The pool's journal.</param>
    /// <param name="filter">Which miners.</param>
    /// <param name="progress">Is told how many records were read; null: nobody is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JournalException">There is no journal, or it can't be read.</exception>
    /// <exception cref="SwarmPoolException">SP4003: its records don't chain.</exception>
    public static async Task<MinerList> ReadAsync(IPoolJournal journal, MinerListFilter filter, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(filter);
        var fold = new MinerFold();
        var records = 0L;
        await foreach (var (record, _) in JournalWalk.ReadAsync(journal, progress, cancellationToken))
        {
            fold.Apply(record);
            records = record.Sequence;
        }

        var found = new FirstFew<ListedMiner>(filter.Range.Limit);
        foreach (var miner in fold.Miners.Where(one => Passes(one, filter)))
        {
            found.Offer(miner, miner.LastAt);
        }

        return new MinerList(found.InOrder(), found.More, records);
    }

    private static bool Passes(ListedMiner one, MinerListFilter filter) =>
        (filter.Status is null || one.Status == filter.Status)
        && (filter.Miner is null || one.Miner == filter.Miner)
        && (filter.Model is null || one.Models.Contains(filter.Model, StringComparer.Ordinal))
        && filter.Range.Holds(one.LastAt);
}
