using System.Text;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Settlement;
using SwarmPool.Simulation.Engine;
using SwarmPool.Simulation.Network;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Parties;

/// <summary>What a party says that runs none of our programs: well-formed, signed by whatever key it has, and otherwise as it likes.</summary>
internal sealed class StrangerMessages(SimNetwork network, SimProcess process, string nonceSource)
{
    private readonly SimNonces nonces = new(nonceSource);

    public string Nonce() => nonces.Next();

    public async Task PublishAsync(Snapshot body, ISigner key)
    {
        var signed = await SnapshotCodec.SignAsync(body, key, CancellationToken.None);
        network.Publish(process, Topics.Of(Cast.Pool, Topics.Inbound(body.Type)), signed.Bytes);
    }

    public async Task<Cid> StoreAsync(string text)
    {
        await Task.Yield();
        var bytes = Encoding.UTF8.GetBytes(text);
        var cid = ContentAddress.Of(bytes);
        network.Keep(process.Name, cid, bytes);
        return cid;
    }

    public long Now => process.Time.GetUtcNow().ToUnixTimeSeconds();

    public RegistrationSnapshot Registration(EnsName miner) => new()
    {
        Miner = miner,
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = nonces.Next(),
        Gpus = [],
        Models = [Cast.Model],
        Mode = MiningMode.PPS,
    };

    public ClaimSnapshot Claim(Cid job, int attempt, EnsName miner) => new()
    {
        Miner = miner,
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = nonces.Next(),
        JobCid = job,
        Attempt = attempt,
    };

    public ProofSnapshot Proof(ClaimAcceptedItem claim, EnsName miner, Cid output) => new()
    {
        Miner = miner,
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = nonces.Next(),
        JobCid = claim.JobCid,
        Attempt = claim.Attempt,
        Fence = claim.Fence,
        Status = "completed",
        OutputCid = output,
        ProofHash = ProofHash.Compute(claim.JobCid, claim.Attempt, claim.Fence, output, miner),
        Metrics = new ProofMetrics { InferenceSeconds = "0.1", Model = Cast.Model, ModelSha256 = new string('a', 64), Runtime = "lie", Device = "none", Precision = "none" },
    };

    public ReleaseSnapshot Release(ClaimAcceptedItem claim, string reason) => new()
    {
        Miner = claim.Miner,
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = nonces.Next(),
        JobCid = claim.JobCid,
        Attempt = claim.Attempt,
        Fence = claim.Fence,
        Reason = reason,
    };

    public HeartbeatSnapshot Heartbeat(ClaimAcceptedItem claim) => new()
    {
        Miner = claim.Miner,
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = nonces.Next(),
        Status = "busy",
        CurrentJob = claim.JobCid,
        Fence = claim.Fence,
    };

    public JobSnapshot Job(EnsName client, Cid input, Usdc amount, int? replicas) => new()
    {
        Client = client,
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = nonces.Next(),
        JobType = "t",
        Model = Cast.Model,
        InputCid = input,
        Payment = new JobPayment(amount),
        Deadline = Now + 600,
        Replicas = replicas,
    };
}
