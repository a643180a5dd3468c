using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Checks;

/// <summary>What the oracle itself knows of a job, from the events alone.</summary>
internal sealed class JobModel(JobAccepted accepted)
{
    public JobAccepted Accepted => accepted;

    public int Attempt { get; set; } = 1;

    public int Replicas { get; set; } = accepted.Replicas;

    public Dictionary<long, LeaseModel> Leases { get; } = [];

    public List<ProofAccepted> Proofs { get; } = [];

    public JobDecided? Decided { get; set; }

    public long DecidedIn { get; set; }

    public string? Ended { get; set; }

    /// <summary>Attempts that ended without a proof with miners that had worked for its client.</summary>
    public int CountedAttempts { get; set; }

    /// <summary>How often each miner had it and did not do it.</summary>
    public Dictionary<EnsName, int> TriedBy { get; } = [];

    /// <summary>Until when only miners with standing may claim it.</summary>
    public long ReservedUntil { get; set; }

    public bool IsOpen => Decided is null && Ended is null;
}

/// <summary>What a miner did for a client, as the oracle counts it.</summary>
internal sealed class PairModel
{
    public bool HasWorked { get; set; }

    public int Strikes { get; set; }

    public long PauseUntil { get; set; }

    public long LastAt { get; set; }

    public bool IsGood => HasWorked && Strikes < 2;
}

internal sealed record LeaseModel(Cid Job, EnsName Miner, int Attempt, long Until, long LimitUntil);
