using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>How far the check of a job's answers is. Changed by <see cref="PoolState.Apply"/> alone. Rules 3.</summary>
internal sealed class JobChecking
{
    /// <summary>Unix ms until when checkers are looked for; null when none is wanted.</summary>
    public long? Until { get; set; }

    /// <summary>Unix ms when they are looked for again; null when nobody was busy.</summary>
    public long? AskAt { get; set; }

    /// <summary>True once two answers differ and a third is to tell; else null.</summary>
    public bool? Disputed { get; set; }

    /// <summary>The checks of this round that are at work or gave a result, in the order of their fences.</summary>
    public List<CheckWork> Works { get; init; } = [];

    /// <summary>Who was given a check in this round: each once.</summary>
    public List<EnsName> Asked { get; init; } = [];

    /// <summary>Whose answers to this job were refused or withheld: they give no other. Null for none.</summary>
    public List<EthAddress>? Barred { get; set; }

    /// <summary>Answers that were committed to and not shown in time; null for none.</summary>
    public List<WithheldAnswer>? Withheld { get; set; }

    public CheckWork? WorkOf(long fence) => Works.Find(work => work.Fence == fence);

    /// <summary>The next round: what was said of this one is over, and all may check again.</summary>
    public void Clear()
    {
        (Until, AskAt, Disputed) = (null, null, null);
        Works.Clear();
        Asked.Clear();
    }
}

/// <summary>A check: a lease that the pool gave, and its result.</summary>
/// <param name="Payee">Who is paid for it.</param>
/// <param name="Kind">One of <see cref="CheckKinds"/>.</param>
/// <param name="Until">Unix ms: ends then unless renewed.</param>
/// <param name="LimitUntil">Unix ms: no renewal goes beyond.</param>
internal sealed record CheckWork(long Fence, int Attempt, EnsName Miner, EthAddress Payee, string Kind, long Until, long LimitUntil)
{
    /// <summary>What it is bound to; null until it is.</summary>
    public string? Commitment { get; init; }

    /// <summary>True once it has to show its answer; else null.</summary>
    public bool? Reveals { get; init; }

    /// <summary>The proof that shows its answer; null until then.</summary>
    public Cid? ProofCid { get; init; }

    public Cid? OutputCid { get; init; }

    public string? Class { get; init; }

    /// <summary>What was counted for its answer; null where the job pays its price.</summary>
    public JobUsage? Usage { get; init; }

    /// <summary>What its scores are worth; null until it has scored.</summary>
    public string? Grade { get; init; }

    /// <summary>How many positions it has scored.</summary>
    public int? Positions { get; init; }

    [JsonIgnore]
    public bool HasResult => ProofCid is not null || Grade is not null;

    /// <summary>Whether time does not count: it has an answer, and nobody wants to see it yet.</summary>
    [JsonIgnore]
    public bool Waits => Commitment is not null && Reveals is null && !HasResult;
}

/// <summary>An answer that was committed to and not shown in time.</summary>
internal sealed record WithheldAnswer(long Fence, int Attempt, EnsName Miner, EthAddress Payee, string Commitment);
