using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool;

/// <summary>What the rules are set to. Recorded by each start of a daemon, so that an audit judges by the same.</summary>
internal sealed record PoolSettings
{
    /// <summary>How long a claim lives without renewal.</summary>
    public required long ClaimTimeoutMs { get; init; }

    /// <summary>Attempts at a job before it fails.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>The longest that one attempt may run; a job may ask for less.</summary>
    public required long MaxAttemptMs { get; init; }

    /// <summary>How far ahead a job's deadline may be.</summary>
    public required long MaxDeadlineMs { get; init; }

    /// <summary>The most that a job may pay.</summary>
    public required Usdc MaxAmount { get; init; }

    /// <summary>Claims that one miner may hold at a time.</summary>
    public required int ClaimsPerMiner { get; init; }

    /// <summary>How long a miner may not claim after a claim of its expired, or after it gave back two; doubles with each in a row, up to an hour.</summary>
    public required long CoolDownMs { get; init; }

    /// <summary>The stake that a miner needs.</summary>
    public required Usdc MinMinerStake { get; init; }

    /// <summary>Jobs that one client may have open at a time.</summary>
    public required int JobsPerClient { get; init; }

    /// <summary>Jobs held at a time, all phases.</summary>
    public required int MaxJobs { get; init; }

    /// <summary>Miners registered at a time.</summary>
    public required int MaxMiners { get; init; }

    /// <summary>How far from the record's time a registration may be dated, to either side; null in journals of before that was judged.</summary>
    public long? RegistrationWindowMs { get; init; }

    /// <summary>One client may take this part (8: an eighth) of the places and of the volume that the others leave; null in journals of before there were shares.</summary>
    public int? ClientShare { get; init; }

    /// <summary>A miner that has done nothing for this long since it first registered gives its place to a new one when there is none left; null: never.</summary>
    public long? IdleMinerMs { get; init; }

    /// <summary>Characters that the models and GPUs of all miners together may have, for each miner that the pool takes; null: any.</summary>
    public int? OfferLength { get; init; }

    /// <summary>Who is paid the operations' part.</summary>
    public required EnsName OperationsName { get; init; }

    /// <summary>Where that goes.</summary>
    public required EthAddress OperationsAddress { get; init; }

    /// <summary>Whom the policy pays besides miners and operations, and where; null, and not written, when that is nobody.</summary>
    public IReadOnlyList<Payee>? Payees { get; init; }

    /// <summary>The rules that the daemon goes by, taken up when the next epoch opens; null, as those wrote who knew no others, means 1.</summary>
    public int? Rules { get; init; }

    /// <summary>The newest rules that this program knows.</summary>
    public const int NewestRules = PoolMachine.CurrentRules;

    /// <summary>The least that a job must pay; null: nothing.</summary>
    public Usdc? MinAmount { get; init; }

    /// <summary>The most that one client may owe: its open jobs, and those decided in epochs that are not sealed yet. Null: no cap.</summary>
    public Usdc? MaxUnpaid { get; init; }

    /// <summary>How long a waiting job is kept for miners that have standing with its client; null: not at all. Rules 2.</summary>
    public long? HeadStartMs { get; init; }

    /// <summary>Whose verdicts count; null, and not written, in records from before it was recorded: then anybody's does.</summary>
    public string? Verifier { get; init; }

    /// <summary>The models that jobs may ask for, by their aliases; null, and not written, where any may be asked for.</summary>
    public IReadOnlyList<PoolModel>? Models { get; init; }

    /// <summary>What jobs for a model have to pay for what is counted, at least; null, and not written, where they may offer what they like.</summary>
    public IReadOnlyList<ModelPriceItem>? Prices { get; init; }

    /// <summary>True when that verifier may ask for replicas that no client signed for; else null, so that it is not written.</summary>
    public bool? VerifierMayAsk { get; init; }

    /// <summary>How work is checked; null, and not written, where it is not. Rules 3.</summary>
    public CheckSettings? Checks { get; init; }
}
