using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Tests.Support;

/// <summary>One valid snapshot of each type: the examples of docs/protocol.md, and the starting point of other tests.</summary>
internal static class ExampleSnapshots
{
    public const string Key = "4646464646464646464646464646464646464646464646464646464646464646";

    private const long Now = 1_700_000_000;
    private const long NowMs = Now * 1_000;
    private static readonly EnsName Pool = EnsName.Parse("swarmpool.eth");
    private static readonly EnsName Client = EnsName.Parse("clinic.bob.eth");
    private static readonly EnsName Miner = EnsName.Parse("miner.alice.eth");
    private static readonly EthAddress Payee = EthAddress.Parse("0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f");
    private static readonly Cid Input = Cid.OfBlock("an input"u8);
    private static readonly Cid Output = Cid.OfBlock("an output"u8);
    private static readonly Cid JobCid = Cid.OfBlock("a job"u8);
    private static readonly Cid ProofCid = Cid.OfBlock("a proof"u8);
    private static readonly string Salt = new('7', 64);
    private static readonly Usdc Price = Usdc.Parse("0.1");
    private static readonly string Digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("a journal record"u8));
    private static readonly Cid Page = Cid.OfBlock(SnapshotCodec.EncodePage<PayoutItem>([Payout]));

    public static PayoutItem Payout => new(Miner, Payee, Usdc.Parse("0.075"));

    public static JobSnapshot Job { get; } = new()
    {
        Pool = Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = NonceOf("job"),
        Client = Client,
        JobType = "image-classification",
        Model = "digits-v1",
        InputCid = Input,
        Payment = new JobPayment(Price),
        Deadline = Now + 3_600,
        TimeLimitSeconds = 300,
        Replicas = 1,
    };

    public static ProofSnapshot Proof { get; } = new()
    {
        Pool = Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = NonceOf("proof"),
        Miner = Miner,
        JobCid = JobCid,
        Attempt = 1,
        Fence = 42,
        Status = "completed",
        OutputCid = Output,
        ProofHash = ProofHash.Compute(JobCid, 1, 42, Output, Miner),
        Metrics = new ProofMetrics
        {
            InferenceSeconds = "0.125",
            Confidence = "0.98",
            Model = "digits-v1",
            ModelSha256 = Digest,
            Runtime = "onnxruntime 1.31.1",
            Device = "cpu",
            Precision = "fp32",
        },
    };

    public static RegistrationSnapshot Registration { get; } = new()
    {
        Pool = Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = NonceOf("registration"),
        Miner = Miner,
        Gpus = ["NVIDIA H100 80GB HBM3"],
        Models = ["digits-v1", "org/model:7B"],
        Mode = MiningMode.PPS,
    };

    public static DelegationSnapshot Delegation { get; } = new()
    {
        Pool = Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = NonceOf("delegation"),
        Name = Client,
        Role = DelegationRoles.Client,
        Key = EthAddress.Parse("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"),
        Expires = Now + (30 * 86_400),
        SpendingCap = Usdc.Parse("100"),
    };

    public static IReadOnlyList<Snapshot> All { get; } =
    [
        Job,
        new CancelSnapshot { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("cancel"), Client = Client, JobCid = JobCid },
        Registration,
        new HeartbeatSnapshot
        {
            Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("heartbeat"), Miner = Miner, Status = "busy", CurrentJob = JobCid,
            Fence = 42, Progress = 50, Stats = new MinerStats(17, Usdc.Parse("1.275"), Now - 86_400),
        },
        new ClaimSnapshot { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("claim"), Miner = Miner, JobCid = JobCid, Attempt = 1 },
        new ReleaseSnapshot { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("release"), Miner = Miner, JobCid = JobCid, Attempt = 1, Fence = 42, Reason = "failed", Detail = "The input is no PNG." },
        new CommitmentSnapshot { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("commitment"), Miner = Miner, JobCid = JobCid, Attempt = 1, Fence = 42, Commitment = ProofCommitment.Compute(JobCid, 1, 42, Miner, Output, null, Salt) },
        Proof,
        new CheckSnapshot
        {
            Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("check"), Miner = Miner, JobCid = JobCid, Fence = 43, ProofCid = ProofCid, Result = CheckResults.Scored, Positions = 128,
            ExactWins = 127, MarginMicro = 312, TopDistanceMicro = 1_140, Class = new NumericClass(Digest, "llama.cpp b6000", "cpu", "q8_0"),
        },
        Delegation,
        new RevocationSnapshot { Pool = Pool, Network = "local", Timestamp = Now + 60, Nonce = NonceOf("revocation"), Name = Client, Revokes = RevokedDigest() },
        new PoolStateSnapshot
        {
            Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("state"), Term = 3, Sequence = 1_200, JournalHead = Digest, Rules = 1,
            TotalJobs = 410, TotalProofs = 402, TotalVolumeUsdc = Usdc.Parse("40.2"), CurrentEpoch = "epoch-7", EpochJobs = 2,
            EpochVolume = Usdc.Parse("0.2"), LastEpochSeal = NowMs - 60_000, LastEpoch = Cid.OfBlock("epoch-6"u8), PendingJobs = [Page], PendingCount = 1,
            ClaimedJobs = [], ClaimedCount = 0, ActiveMiners = [], MinerCount = 0, OnlineMiners = 0, HeartbeatSeconds = 30, ClaimTimeoutSeconds = 120,
        },
        new EpochSnapshot
        {
            Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("epoch"), EpochId = "epoch-7", Number = 7, Status = "sealed",
            PreviousEpoch = Cid.OfBlock("epoch-6"u8), StartedAt = NowMs - 60_000, EndedAt = NowMs, JobsCount = 1, ProofsCount = 1, TotalVolumeUsdc = Price,
            Proofs = [Cid.OfBlock("a page of proofs"u8)], MerkleRoot = "0x" + Digest, Policy = new PolicyIdentity("7525", "1.0.0", Digest), PolicyReplaced = false,
            Settlements = new EpochSettlements(Price, Usdc.Parse("0.075"), Usdc.Parse("0.025"), new PayoutItem(Pool, Payee, Usdc.Parse("0.025")), [Page]),
            PayoutRoot = "0x" + Digest, OpeningState = Digest, FromSequence = 1_190, ToSequence = 1_200, JournalRoot = Digest, Journal = [Cid.OfBlock("a page of records"u8)],
        },
        new JobsNew { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("jobs/new"), FromSequence = 1_201, ToSequence = 1_201, JournalHead = Digest, Items = [new(JobCid, Client, "image-classification", "digits-v1", Price, 1, Now + 3_600)] },
        new JobsRejected { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("jobs/rejected"), FromSequence = 0, ToSequence = 0, Items = [new(JobCid, Client, "job", "SP3002", "The deadline has passed: sign the job anew with a later one.")] },
        new JobsCancelled { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("jobs/cancelled"), FromSequence = 1_202, ToSequence = 1_202, JournalHead = Digest, Items = [new(JobCid, Client)] },
        new JobsFailed { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("jobs/failed"), FromSequence = 1_203, ToSequence = 1_203, JournalHead = Digest, Items = [new(JobCid, Client, "max_attempts", 3) { Miner = Miner, Detail = "The input is no PNG." }] },
        new ClaimsAccepted { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("claims/accepted"), FromSequence = 1_204, ToSequence = 1_204, JournalHead = Digest, Items = [new(JobCid, 1, Miner, 42, NowMs + 120_000, NowMs + 300_000)] },
        new ClaimsRejected { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("claims/rejected"), FromSequence = 0, ToSequence = 0, Items = [new(JobCid, 1, Miner, "claim", "SP3101", "The job is no longer pending: wait for the next one.")] },
        new ClaimsTimeout { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("claims/timeout"), FromSequence = 1_205, ToSequence = 1_205, JournalHead = Digest, Items = [new(JobCid, 1, Miner, "failed") { Detail = "The input is no PNG." }] },
        new ProofsAccepted { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("proofs/accepted"), FromSequence = 1_206, ToSequence = 1_206, JournalHead = Digest, Items = [new(JobCid, ProofCid, Output, 1, Miner, "epoch-7", true)] },
        new ProofsRejected { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("proofs/rejected"), FromSequence = 0, ToSequence = 0, Items = [new(JobCid, ProofCid, 1, Miner, "SP3202", "The fence is not that of the live lease: the claim was lost.")] },
        new ProofsCommitted { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("proofs/committed"), FromSequence = 1_211, ToSequence = 1_211, JournalHead = Digest, Items = [new(JobCid, 1, Miner, 42, RevealTimes.Now) { RevealUntil = NowMs + 30_000 }] },
        new ChecksNew { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("checks/new"), FromSequence = 1_212, ToSequence = 1_212, JournalHead = Digest, Items = [new(JobCid, 1, Miner, 43, CheckKinds.Score, NowMs + 120_000, NowMs + 300_000, "digits-v1", "image-classification") { ProofCid = ProofCid }] },
        new ChecksDecided { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("checks/decided"), FromSequence = 1_213, ToSequence = 1_213, JournalHead = Digest, Items = [new(JobCid, Miner, CheckVerdicts.Wrong, Usdc.Parse("0.01")) { ProofCid = ProofCid, Checker = Client, Code = "SP3216", Reason = "Two of three found another answer." }] },
        new MinersJoined { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("miners/joined"), FromSequence = 1_207, ToSequence = 1_207, JournalHead = Digest, Items = [new(Miner, Payee, MiningMode.PPS, ["digits-v1"], Now)] },
        new MinersRejected { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("miners/rejected"), FromSequence = 0, ToSequence = 0, Items = [new(Miner, "SP3301", "The registration is not newer than the last: sign a new one.")] },
        new RevocationsAccepted { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("revocations/accepted"), FromSequence = 1_210, ToSequence = 1_210, JournalHead = Digest, Items = [new(Client, RevokedDigest(), Cid.OfBlock("a revocation"u8))] },
        new RevocationsRejected { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("revocations/rejected"), FromSequence = 0, ToSequence = 0, Items = [new(Client, RevokedDigest(), Cid.OfBlock("a revocation"u8), "SP3015", "The pool remembers as many delegations as it may: send this again when one has expired.")] },
        new EpochsOpened { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("epochs/opened"), FromSequence = 1_208, ToSequence = 1_208, JournalHead = Digest, Items = [new("epoch-8", 8, NowMs)] },
        new EpochsSealed { Pool = Pool, Network = "local", Timestamp = Now, Nonce = NonceOf("epochs/sealed"), FromSequence = 1_209, ToSequence = 1_209, JournalHead = Digest, Items = [new("epoch-7", Cid.OfBlock("epoch-7"u8), 1, Price)] },
    ];

    public static TheoryData<string> Types => [.. All.Select(static snapshot => snapshot.Type)];

    public static Snapshot Of(string type) => All.Single(snapshot => snapshot.Type == type);

    public static PrivateKeySigner Signer() => new(Convert.FromHexString(Key), SignatureEngines.Best);

    public static async Task<SignedSnapshot> SignedAsync(Snapshot body)
    {
        using var signer = Signer();
        return await SnapshotCodec.SignAsync(body, signer, CancellationToken.None);
    }

    private static string RevokedDigest() =>
        SnapshotCodec.TryDecode(SnapshotCodec.Canonical(Delegation), out var read, out var refusal) ? read.Digest : throw new InvalidOperationException(refusal.ToString());

    private static string NonceOf(string type) => Nonce.FromHash(System.Text.Encoding.ASCII.GetBytes(type));
}
