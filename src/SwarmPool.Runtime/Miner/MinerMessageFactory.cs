using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Roles;
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

    /// <summary>How many seconds ahead of the clock the last heartbeat was dated.</summary>
    public long SecondsAhead => Interlocked.Read(ref lastOrdered) - Now();

    public ValueTask<SignedSnapshot> RegistrationAsync(
        IReadOnlyList<string> models, IReadOnlyList<string> gpus, MiningMode mode, CancellationToken cancellationToken) => identity.SignAsync(
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

    public ValueTask<SignedSnapshot> ProofAsync(
        ClaimAcceptedItem claim, Cid output, ProofMetrics metrics, CancellationToken cancellationToken, ProofEvidenceName? evidence = null) => identity.SignAsync(
            new ProofSnapshot
            {
                Miner = identity.Name,
                Pool = identity.Pool,
                Network = identity.Network,
                Timestamp = Now(),
                Nonce = nonces.Next(),
                JobCid = claim.JobCid,
                Attempt = claim.Attempt,
                Fence = claim.Fence,
                Status = SnapshotStatuses.Completed,
                OutputCid = output,
                EvidenceCid = evidence?.Cid,
                EvidenceRoot = evidence?.Root,
                Metrics = metrics,
                ProofHash = ProofHash.Compute(claim.JobCid, claim.Attempt, claim.Fence, output, identity.Name),
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
