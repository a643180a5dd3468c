namespace SwarmPool.Snapshots;

/// <summary>The values of a snapshot's <c>type</c>. An announcement's type is the end of its topic.</summary>
public static class SnapshotTypes
{
    /// <summary>A job, signed by its client.</summary>
    public const string Job = "job";

    /// <summary>A client takes a pending job back.</summary>
    public const string Cancel = "cancel";

    /// <summary>A miner registers, or changes its registration.</summary>
    public const string Registration = "registration";

    /// <summary>A miner is alive, and may be working on a job.</summary>
    public const string Heartbeat = "heartbeat";

    /// <summary>A miner wants a job.</summary>
    public const string Claim = "claim";

    /// <summary>A miner gives a claimed job back.</summary>
    public const string Release = "release";

    /// <summary>A miner's answer to a job.</summary>
    public const string Proof = "proof";

    /// <summary>What a miner binds itself to before it shows its answer (protocol 1.1).</summary>
    public const string Commitment = "commitment";

    /// <summary>What a checker says of another miner's proof (protocol 1.1).</summary>
    public const string Check = "check";

    /// <summary>A name lets a session key sign for a role of its until an expiry.</summary>
    public const string Delegation = "delegation";

    /// <summary>A name takes a delegation back.</summary>
    public const string Revocation = "revocation";

    /// <summary>The pool's state.</summary>
    public const string State = "state";

    /// <summary>A sealed epoch.</summary>
    public const string Epoch = "epoch";

    /// <summary>Jobs that wait for a miner.</summary>
    public const string JobsNew = "jobs/new";

    /// <summary>Jobs or cancellations that were refused.</summary>
    public const string JobsRejected = "jobs/rejected";

    /// <summary>Jobs that their clients took back.</summary>
    public const string JobsCancelled = "jobs/cancelled";

    /// <summary>Jobs that will not be done: out of attempts, or past their deadline.</summary>
    public const string JobsFailed = "jobs/failed";

    /// <summary>Claims that won.</summary>
    public const string ClaimsAccepted = "claims/accepted";

    /// <summary>Claims or releases that were refused.</summary>
    public const string ClaimsRejected = "claims/rejected";

    /// <summary>Claims that ended without a proof: timed out, released or failed.</summary>
    public const string ClaimsTimeout = "claims/timeout";

    /// <summary>Proofs that were accepted: the job is done.</summary>
    public const string ProofsAccepted = "proofs/accepted";

    /// <summary>Proofs that were refused.</summary>
    public const string ProofsRejected = "proofs/rejected";

    /// <summary>Commitments that were taken, and whether to reveal the proof now or to wait (protocol 1.1).</summary>
    public const string ProofsCommitted = "proofs/committed";

    /// <summary>Checks that the pool gives to miners (protocol 1.1).</summary>
    public const string ChecksNew = "checks/new";

    /// <summary>Checks that are over, and what they say (protocol 1.1).</summary>
    public const string ChecksDecided = "checks/decided";

    /// <summary>Miners that registered.</summary>
    public const string MinersJoined = "miners/joined";

    /// <summary>Registrations that were refused.</summary>
    public const string MinersRejected = "miners/rejected";

    /// <summary>Delegations that their names took back.</summary>
    public const string RevocationsAccepted = "revocations/accepted";

    /// <summary>Revocations that were refused.</summary>
    public const string RevocationsRejected = "revocations/rejected";

    /// <summary>Epochs that were opened.</summary>
    public const string EpochsOpened = "epochs/opened";

    /// <summary>Epochs that were sealed.</summary>
    public const string EpochsSealed = "epochs/sealed";
}
