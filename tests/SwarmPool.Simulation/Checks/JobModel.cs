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

    public bool IsOpen => Decided is null && Ended is null;
}

internal sealed record LeaseModel(Cid Job, EnsName Miner, int Attempt, long Until, long LimitUntil);
