using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Load;

/// <summary>Makes and signs what clients and miners say, each with a nonce of its own.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class Messages(Crowd crowd, TimeProvider time)
{
    public const string Model = "digits-v1";

    // The rules take signatures for granted: for what never goes through an intake any well-formed one will do.
    private const string AnySignature =
        "0x1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111";

    /// <summary>The input of every job; the pool wants to see it before it takes one.</summary>
    public static ReadOnlyMemory<byte> Input { get; } = "an input"u8.ToArray();

    public static readonly Cid InputCid = ContentAddress.Of(Input.Span);

    private int nonce;

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Signs at once: the crowd's keys are in memory.</summary>
    public SignedSnapshot Sign(Snapshot body)
    {
        var signing = SnapshotCodec.SignAsync(body, crowd.Signer(body.Signer), CancellationToken.None);
        return signing.IsCompletedSuccessfully ? signing.Result : throw new InvalidOperationException($"The {body.Type} could not be signed at once.");
    }

    /// <summary>A snapshot that is well formed, with a signature that nobody made.</summary>
    public static SignedSnapshot Formed(Snapshot body) =>
        SnapshotCodec.TryDecode(SnapshotCodec.Canonical(body with { Sig = AnySignature }), out var snapshot, out var refusal)
            ? snapshot
            : throw new InvalidOperationException(refusal.ToString());

    public JobSnapshot Job(EnsName client) => new()
    {
        Pool = Crowd.Pool,
        Network = crowd.Network,
        Timestamp = Now,
        Nonce = Next(),
        Client = client,
        JobType = "image-classification",
        Model = Model,
        InputCid = InputCid,
        Payment = new JobPayment(Usdc.FromMicro(10_000)),
        Deadline = Now + (24 * 3600),
    };

    public RegistrationSnapshot Registration(EnsName miner) => new()
    {
        Pool = Crowd.Pool,
        Network = crowd.Network,
        Timestamp = Now,
        Nonce = Next(),
        Miner = miner,
        Gpus = ["any"],
        Models = [Model],
        Mode = MiningMode.PPS,
    };

    public HeartbeatSnapshot Heartbeat(EnsName miner) => new()
    {
        Pool = Crowd.Pool,
        Network = crowd.Network,
        Timestamp = Now,
        Nonce = Next(),
        Miner = miner,
        Status = "idle",
    };

    public ClaimSnapshot Claim(Cid job, EnsName miner) => new()
    {
        Pool = Crowd.Pool,
        Network = crowd.Network,
        Timestamp = Now,
        Nonce = Next(),
        Miner = miner,
        JobCid = job,
        Attempt = 1,
    };

    public ProofSnapshot Proof(Cid job, EnsName miner, long fence, Cid output) => new()
    {
        Pool = Crowd.Pool,
        Network = crowd.Network,
        Timestamp = Now,
        Nonce = Next(),
        Miner = miner,
        JobCid = job,
        Attempt = 1,
        Fence = fence,
        Status = "completed",
        OutputCid = output,
        ProofHash = ProofHash.Compute(job, 1, fence, output, miner),
        Metrics = new ProofMetrics
        {
            InferenceSeconds = "0.1",
            Model = Model,
            ModelSha256 = new string('a', 64),
            Runtime = "load",
            Device = "cpu",
            Precision = "fp32",
        },
    };

    private string Next() => (++nonce).ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
