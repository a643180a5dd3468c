using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Tests.Support;

/// <summary>Makes the bodies that clients and miners send, each with a nonce of its own.</summary>
/// <param name="now">Unix seconds for their timestamps.</param>
internal sealed class Messages(Func<long> now)
{
    public const string Model = "digits-v1";
    public static readonly EnsName Pool = EnsName.Parse("swarmpool.eth");
    public static readonly EnsName Client = EnsName.Parse("clinic.bob.eth");

    private int nonce;

    public static EnsName Miner(int number) => EnsName.Parse($"miner{number}.alice.eth");

    /// <summary>A CID that nothing has.</summary>
    public static Cid AnyCid(string of) => Cid.OfBlock(System.Text.Encoding.UTF8.GetBytes(of));

    public JobSnapshot Job(string amount = "1", long? deadline = null, int? replicas = null, int? limit = null, string model = Model, EnsName? client = null, Cid? input = null) => new()
    {
        Pool = Pool,
        Network = "local",
        Timestamp = now(),
        Nonce = Next(),
        Client = client ?? Client,
        JobType = "image-classification",
        Model = model,
        InputCid = input ?? AnyCid("an input"),
        Payment = new JobPayment(Usdc.Parse(amount)),
        Deadline = deadline ?? now() + 3600,
        TimeLimitSeconds = limit,
        Replicas = replicas,
    };

    public CancelSnapshot Cancel(Cid job, EnsName? client = null) => new()
    {
        Pool = Pool,
        Network = "local",
        Timestamp = now(),
        Nonce = Next(),
        Client = client ?? Client,
        JobCid = job,
    };

    public RegistrationSnapshot Registration(EnsName miner, MiningMode mode = MiningMode.PPS, long? timestamp = null, params string[] models) => new()
    {
        Pool = Pool,
        Network = "local",
        Timestamp = timestamp ?? now(),
        Nonce = Next(),
        Miner = miner,
        Gpus = [],
        Models = models.Length == 0 ? [Model] : models,
        Mode = mode,
    };

    public ClaimSnapshot Claim(Cid job, EnsName miner, int attempt = 1) => new()
    {
        Pool = Pool,
        Network = "local",
        Timestamp = now(),
        Nonce = Next(),
        Miner = miner,
        JobCid = job,
        Attempt = attempt,
    };

    public ReleaseSnapshot Release(Cid job, EnsName miner, long fence, int attempt = 1, string reason = "released", string? detail = null) => new()
    {
        Pool = Pool,
        Network = "local",
        Timestamp = now(),
        Nonce = Next(),
        Miner = miner,
        JobCid = job,
        Attempt = attempt,
        Fence = fence,
        Reason = reason,
        Detail = detail,
    };

    public HeartbeatSnapshot Heartbeat(EnsName miner, Cid? job = null, long? fence = null) => new()
    {
        Pool = Pool,
        Network = "local",
        Timestamp = now(),
        Nonce = Next(),
        Miner = miner,
        Status = "busy",
        CurrentJob = job,
        Fence = fence,
    };

    public ProofSnapshot Proof(Cid job, EnsName miner, long fence, Cid output, int attempt = 1, string status = "completed", string model = Model) => new()
    {
        Pool = Pool,
        Network = "local",
        Timestamp = now(),
        Nonce = Next(),
        Miner = miner,
        JobCid = job,
        Attempt = attempt,
        Fence = fence,
        Status = status,
        OutputCid = output,
        ProofHash = ProofHash.Compute(job, attempt, fence, output, miner),
        Metrics = new ProofMetrics
        {
            InferenceSeconds = "0.1",
            Model = model,
            ModelSha256 = new string('a', 64),
            Runtime = "test",
            Device = "cpu",
            Precision = "fp32",
        },
    };

    private string Next() => Interlocked.Increment(ref nonce).ToString("x32");
}
