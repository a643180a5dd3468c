using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Verification;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>Writes and signs what the miner says.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class MinerMessageFactory(PartyIdentity identity, INonceSource nonces, TimeProvider time, bool takesOver = false)
{
    private long lastOrdered;

    public EnsName Miner => identity.Name;

    /// <summary>By which delegation the miner signs; null when by its own key.</summary>
    public Cid? Delegation => identity.Delegation;

    /// <summary>What tells this program's heartbeats from another's of the same name.</summary>
    public InstanceNonces Instances { get; } = new(nonces, takesOver);

    /// <summary>A salt for a commitment: 32 bytes of what nonces are made of, the system's random numbers, in hex.</summary>
    public string NewSalt() => nonces.Next() + nonces.Next();

    /// <summary>How many seconds ahead of the clock the last heartbeat was dated.</summary>
    public long SecondsAhead => Interlocked.Read(ref lastOrdered) - Now();

    public ValueTask<SignedSnapshot> RegistrationAsync(
        IReadOnlyList<string> models, IReadOnlyList<string> gpus, MiningMode mode, IReadOnlyList<ModelOffer>? offers, CancellationToken cancellationToken) => identity.SignAsync(
            new RegistrationSnapshot
            {
                Miner = identity.Name,
                Pool = identity.Pool,
                Network = identity.Network,
                Timestamp = Now(),
                Nonce = nonces.Next(),
                Models = models,
                Gpus = gpus,
                Mode = mode,
                Offers = offers,
            },
            cancellationToken);

    public ValueTask<SignedSnapshot> HeartbeatAsync(
        ClaimAcceptedItem? claim, int? progress, MinerStats stats, CancellationToken cancellationToken, string? nonce = null) => identity.SignAsync(
            new HeartbeatSnapshot
            {
                Miner = identity.Name,
                Pool = identity.Pool,
                Network = identity.Network,
                Timestamp = OrderedNow(),
                Nonce = nonce ?? Instances.Next(),
                Status = claim is null ? SnapshotStatuses.Idle : SnapshotStatuses.Busy,
                CurrentJob = claim?.JobCid,
                Fence = claim?.Fence,
                Progress = progress,
                Stats = stats,
            },
            cancellationToken);

    public ValueTask<SignedSnapshot> ClaimAsync(Cid job, int attempt, CancellationToken cancellationToken) => identity.SignAsync(
        new ClaimSnapshot
        {
            Miner = identity.Name,
            Pool = identity.Pool,
            Network = identity.Network,
            Timestamp = Now(),
            Nonce = nonces.Next(),
            JobCid = job,
            Attempt = attempt,
        },
        cancellationToken);

    public ValueTask<SignedSnapshot> ReleaseAsync(ClaimAcceptedItem claim, string reason, string? detail, CancellationToken cancellationToken) => identity.SignAsync(
        new ReleaseSnapshot
        {
            Miner = identity.Name,
            Pool = identity.Pool,
            Network = identity.Network,
            Timestamp = Now(),
            Nonce = nonces.Next(),
            JobCid = claim.JobCid,
            Attempt = claim.Attempt,
            Fence = claim.Fence,
            Reason = reason,
            Detail = detail,
        },
        cancellationToken);

    public ValueTask<SignedSnapshot> CommitmentAsync(FinishedWork work, CancellationToken cancellationToken) => identity.SignAsync(
        new CommitmentSnapshot
        {
            Miner = identity.Name,
            Pool = identity.Pool,
            Network = identity.Network,
            Timestamp = Now(),
            Nonce = nonces.Next(),
            JobCid = work.Claim.JobCid,
            Attempt = work.Claim.Attempt,
            Fence = work.Claim.Fence,
            Commitment = work.CommitmentOf(identity.Name),
        },
        cancellationToken);

    /// <summary>The proof of finished work; with its salt it opens the commitment.</summary>
    public ValueTask<SignedSnapshot> ProofAsync(FinishedWork work, string? salt, CancellationToken cancellationToken) => identity.SignAsync(
        new ProofSnapshot
        {
            Miner = identity.Name,
            Pool = identity.Pool,
            Network = identity.Network,
            Timestamp = Now(),
            Nonce = nonces.Next(),
            JobCid = work.Claim.JobCid,
            Attempt = work.Claim.Attempt,
            Fence = work.Claim.Fence,
            Status = SnapshotStatuses.Completed,
            OutputCid = work.OutputCid,
            Metrics = work.Metrics,
            ProofHash = ProofHash.Compute(work.Claim.JobCid, work.Claim.Attempt, work.Claim.Fence, work.OutputCid, identity.Name),
            Salt = salt,
            EvidenceCid = work.EvidenceCid,
            EvidenceRoot = work.EvidenceRoot,
        },
        cancellationToken);

    public ValueTask<SignedSnapshot> CheckAsync(CheckNewItem check, CheckScores scores, CancellationToken cancellationToken) => identity.SignAsync(
        new CheckSnapshot
        {
            Miner = identity.Name,
            Pool = identity.Pool,
            Network = identity.Network,
            Timestamp = Now(),
            Nonce = nonces.Next(),
            JobCid = check.JobCid,
            Fence = check.Fence,
            ProofCid = check.ProofCid!.Value,
            Result = scores.Positions > 0 ? CheckResults.Scored : CheckResults.None,
            Positions = scores.Positions,
            ExactWins = scores.ExactWins,
            MarginMicro = scores.MarginMicro,
            TopDistanceMicro = scores.TopDistanceMicro,
            Class = new(scores.Class.ModelSha256, scores.Class.Runtime, scores.Class.Device, scores.Class.Precision),
            Detail = scores.Detail,
        },
        cancellationToken);

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    // A pool takes a heartbeat only when it is newer than the last of that name; with several jobs there may be more than one a second.
    private long OrderedNow()
    {
        var now = Now();
        while (true)
        {
            var last = Interlocked.Read(ref lastOrdered);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref lastOrdered, next, last) == last)
            {
                return next;
            }
        }
    }
}

/// <summary>What a proof says of its evidence.</summary>
/// <param name="Cid">The evidence's CID.</param>
/// <param name="Root">Its Merkle root.</param>
internal sealed record ProofEvidenceName(Cid Cid, string Root);
