using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>Where a job stands.</summary>
internal enum JobPhase
{
    /// <summary>At least one replica waits for a miner.</summary>
    Pending = 0,

    /// <summary>Every replica is claimed or proved.</summary>
    Claimed,

    Completed,
    Failed,
    Expired,
    Cancelled,
}

/// <summary>A job in the state. Changed by <see cref="PoolState.Apply"/> alone.</summary>
internal sealed class JobEntry
{
    public required Cid Cid { get; init; }

    /// <summary>The job's number in the pool, from 1: its place in pages and in every ordered walk.</summary>
    public required long Number { get; init; }

    public required EnsName Client { get; init; }

    public required string JobType { get; init; }

    public required string Model { get; init; }

    /// <summary>The pack that the pool bound the model to; null where it binds none.</summary>
    public Cid? PackCid { get; init; }

    /// <summary>What a miner has to offer to do it.</summary>
    [JsonIgnore]
    public string Wanted => Rules.ModelRules.Offer(PackCid, Model);

    /// <summary>What is reserved for it: what it costs, or with <see cref="Rates"/> the most that it may.</summary>
    public required Usdc Price { get; init; }

    /// <summary>What it pays for what is counted; null where it pays its price.</summary>
    public JobRates? Rates { get; init; }

    /// <summary>What it cost in the end; null while it is not decided, and where it pays its price.</summary>
    public Usdc? Charge { get; set; }

    /// <summary>What it was charged for: the least that was counted for any of the answers that decided it; null as <see cref="Charge"/> is.</summary>
    public JobUsage? Usage { get; set; }

    public required long DeadlineMs { get; init; }

    public required long AttemptMs { get; init; }

    /// <summary>How many miners have to do it; a verifier that can't tell asks for one more.</summary>
    public required int Replicas { get; set; }

    /// <summary>The attempt to claim, from 1. Raised by each lease that ends without a proof.</summary>
    public int Attempt { get; set; } = 1;

    public JobPhase Phase { get; set; }

    /// <summary>Registered miners that offered the model when the job was last announced.</summary>
    public int Miners { get; set; }

    /// <summary>When the job's identity may be forgotten; 0 while it is open.</summary>
    public long ForgetAtMs { get; set; }

    /// <summary>The epoch that a completed job counts in.</summary>
    public long Epoch { get; set; }

    /// <summary>Why it failed.</summary>
    public string FailReason { get; set; } = "";

    /// <summary>Who gave it back as failed, in the order they did; null until somebody does.</summary>
    public List<EnsName>? FailedBy { get; set; }

    /// <summary>Who last gave it back as failed and said why; null until somebody does.</summary>
    public AttemptFailure? Failure { get; set; }

    /// <summary>The digest of the delegation that its price is booked on; null when the client's own key signed it.</summary>
    public string? Delegation { get; init; }

    /// <summary>How many bytes its input has; null under rules 1, which did not look.</summary>
    public long? InputBytes { get; init; }

    /// <summary>Rules 2: since when its present attempt waits, unix ms; null under rules 1.</summary>
    public long? WaitsSince { get; set; }

    /// <summary>Rules 2: unix ms until when only miners with standing may claim it; null when nobody has a head start.</summary>
    public long? ReservedUntil { get; set; }

    /// <summary>Rules 2: how many of its attempts count against it; null for none.</summary>
    public int? Counted { get; set; }

    /// <summary>Rules 2: who had it and did not do it, an entry an attempt, the first <see cref="Standing.MostTried"/>; null for none.</summary>
    public List<EnsName>? TriedBy { get; set; }

    /// <summary>Rules 3: "always" where the client wants its answer checked in any case; else null.</summary>
    public string? Check { get; init; }

    /// <summary>Rules 3: how far the check of its answers is; null before there is one.</summary>
    public JobChecking? Checking { get; set; }

    /// <summary>Live claims, in the order of their fences; at most one a miner, with proofs at most <see cref="Replicas"/>.</summary>
    public List<Lease> Leases { get; init; } = new(1);

    /// <summary>Accepted proofs, in the order they were accepted.</summary>
    public List<ReplicaProof> Proofs { get; init; } = [];

    [JsonIgnore]
    public bool IsOpen => Phase is JobPhase.Pending or JobPhase.Claimed;

    [JsonIgnore]
    public bool HasRoom => Leases.Count + Proofs.Count < Replicas && !IsShown;

    /// <summary>Rules 3: whether an answer is shown, or about to be: whoever joined now would see it. Not before.</summary>
    [JsonIgnore]
    public bool IsShown => Checking is not null && (Proofs.Count > 0 || Leases.Exists(static lease => lease.Reveals == true));

    /// <summary>Rules 3: whether every replica is bound to an answer, or has shown it. Not before.</summary>
    [JsonIgnore]
    public bool IsAnswered => Checking is not null && !HasRoom && Leases.TrueForAll(static lease => lease.Commitment is not null);

    public Lease? LeaseOf(EnsName miner) => Leases.Find(l => l.Miner == miner);

    public Lease? LeaseOf(long fence) => Leases.Find(l => l.Fence == fence);

    public ReplicaProof? ProofOf(EnsName miner) => Proofs.Find(p => p.Miner == miner);
}

/// <summary>A live claim.</summary>
/// <param name="Mode">The miner's mode when it claimed.</param>
/// <param name="Until">Unix ms: ends then unless renewed.</param>
/// <param name="LimitUntil">Unix ms: no renewal goes beyond.</param>
/// <param name="Commitment">Rules 3: what its miner is bound to; null until it is.</param>
/// <param name="Payee">Rules 3: who is paid, fixed with the commitment.</param>
/// <param name="Drawn">Rules 3: true when it is to be checked; else null.</param>
/// <param name="Reveals">Rules 3: true once its miner has to show its answer, until <paramref name="Until"/>; else null.</param>
internal sealed record Lease(
    long Fence, int Attempt, EnsName Miner, MiningMode Mode, long Until, long LimitUntil,
    string? Commitment = null, EthAddress? Payee = null, bool? Drawn = null, bool? Reveals = null)
{
    /// <summary>Whether time does not count: its miner is bound to an answer, and nobody wants to see it yet.</summary>
    [JsonIgnore]
    public bool Waits => Commitment is not null && Reveals is null;
}

/// <summary>What a miner said of why it could not do a job.</summary>
internal sealed record AttemptFailure(EnsName Miner, string Detail);

/// <summary>An accepted proof; the payee is fixed here.</summary>
/// <param name="Class">Rules 3: what it was computed with (<see cref="NumericClasses"/>); null before.</param>
/// <param name="Drawn">Rules 3: true when it is to be checked; else null.</param>
internal sealed record ReplicaProof(
    long Fence, int Attempt, EnsName Miner, MiningMode Mode, EthAddress Payee, Cid ProofCid, Cid OutputCid, string? Class = null, bool? Drawn = null)
{
    /// <summary>What was counted for it; null where the job pays its price.</summary>
    public JobUsage? Usage { get; init; }
}

/// <summary>What a phase is called in a sentence.</summary>
internal static class Phases
{
    public static string Describe(JobPhase phase) => phase switch
    {
        JobPhase.Pending => "waiting for a miner",
        JobPhase.Claimed => "claimed",
        JobPhase.Completed => "completed",
        JobPhase.Failed => "failed",
        JobPhase.Expired => "expired",
        _ => "cancelled",
    };
}
