using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>A registered miner in the state. Changed by <see cref="PoolState.Apply"/> alone.</summary>
internal sealed class MinerEntry
{
    public required EnsName Name { get; init; }

    /// <summary>The miner's number in the pool, from 1.</summary>
    public required long Number { get; init; }

    public EthAddress Payout { get; set; }

    public MiningMode Mode { get; set; }

    public IReadOnlyList<string> Models { get; set; } = [];

    public IReadOnlyList<string> Gpus { get; set; } = [];

    /// <summary>What it says of its models, at most one each; null, and not written, when it says nothing.</summary>
    public IReadOnlyList<ModelOffer>? Offers { get; set; }

    /// <summary>The registration's own timestamp, unix seconds: only a newer one counts.</summary>
    public long RegisteredAt { get; set; }

    public Cid Registration { get; set; }

    /// <summary>The digest of the delegation by which it was signed; null when the name's own key did, or the delegation has been taken back.</summary>
    public string? Delegation { get; set; }

    /// <summary>Unix ms of its first registration since it has this place; 0, and not written, where that is not recorded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Since { get; init; }

    public long JobsCompleted { get; set; }

    /// <summary>Claims and checks that it works on.</summary>
    public int LiveClaims { get; set; }

    /// <summary>Rules 3: claims and checks that it has an answer to and that wait for others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Waiting { get; set; }

    /// <summary>Rules 3: unix ms when it last did anything that is recorded; 0, and not written, before, and once it let a check lapse.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SeenAt { get; set; }

    /// <summary>Rules 1: claims in a row that ended without a proof.</summary>
    public int Strikes { get; set; }

    /// <summary>Rules 1: unix ms, may not claim before.</summary>
    public long CoolDownUntil { get; set; }

    /// <summary>
    /// Rules 2: what it did for each client, the latest last, at most <see cref="Standing.MostClients"/>; null before its first claim ends.
    /// </summary>
    public List<Standing>? Clients { get; set; }

    /// <summary>What it says of a model; null when nothing.</summary>
    public ModelOffer? OfferOf(string model) => Offers?.FirstOrDefault(one => one.Model == model);

    /// <summary>What it did for a client; null when nothing is known.</summary>
    public Standing? With(EnsName client) => Clients?.FindLast(one => one.Client == client);
}
