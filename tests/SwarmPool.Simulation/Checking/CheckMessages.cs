using System.Globalization;
using System.Text;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Simulation.Parties;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Checking;

/// <summary>What the parties of the simulation of checks send.</summary>
internal sealed class CheckMessages(Func<long> now)
{
    private static readonly string Salt = new('5', 64);
    private static readonly NumericClass Class = new(new string('a', 64), "simulation", "none", "exact");

    private long nonce;

    /// <summary>The class in which all compute, and in which scores mean what they say.</summary>
    public static ScoreCalibration Calibration { get; } = new(Cast.Model, Class, Class, 3_000, new ScoreLimits(10_000, 950_000, 10_000), new ScoreLimits(100_000, 900_000, 100_000));

    public static string Right(JobEntry job) => $"right {job.Number}";

    public static Cid OutputOf(string text) => Cid.OfBlock(Encoding.UTF8.GetBytes(text));

    public static string CommitmentTo(Cid job, EnsName miner, long fence, int attempt, Cid output) => ProofCommitment.Compute(job, attempt, fence, miner, output, null, Salt);

    public JobSnapshot Job(EnsName client, Usdc price, long seconds, int replicas, string? check, string type) => new()
    {
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = now(),
        Nonce = Next(),
        Client = client,
        JobType = type,
        Model = Cast.Model,
        InputCid = OutputOf("input"),
        Payment = new JobPayment(price),
        Deadline = now() + seconds,
        Replicas = replicas == 1 ? null : replicas,
        Check = check,
    };

    public RegistrationSnapshot Registration(EnsName miner) => new()
    {
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = now(),
        Nonce = Next(),
        Miner = miner,
        Gpus = [],
        Models = [Cast.Model],
        Mode = MiningMode.PPS,
    };

    public ClaimSnapshot Claim(JobEntry job, EnsName miner) => new()
    {
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = now(),
        Nonce = Next(),
        Miner = miner,
        JobCid = job.Cid,
        Attempt = job.Attempt,
    };

    public ReleaseSnapshot Release(JobEntry job, EnsName miner, long fence, int attempt, string reason) => new()
    {
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = now(),
        Nonce = Next(),
        Miner = miner,
        JobCid = job.Cid,
        Attempt = attempt,
        Fence = fence,
        Reason = reason,
    };

    public HeartbeatSnapshot Heartbeat(JobEntry job, EnsName miner, long fence) => new()
    {
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = now(),
        Nonce = Next(),
        Miner = miner,
        Status = SnapshotStatuses.Busy,
        CurrentJob = job.Cid,
        Fence = fence,
    };

    public CommitmentSnapshot Commit(JobEntry job, EnsName miner, long fence, int attempt, string commitment) => new()
    {
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = now(),
        Nonce = Next(),
        Miner = miner,
        JobCid = job.Cid,
        Attempt = attempt,
        Fence = fence,
        Commitment = commitment,
    };

    public ProofSnapshot Proof(JobEntry job, EnsName miner, long fence, int attempt, Cid output) => new()
    {
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = now(),
        Nonce = Next(),
        Miner = miner,
        JobCid = job.Cid,
        Attempt = attempt,
        Fence = fence,
        Status = SnapshotStatuses.Completed,
        OutputCid = output,
        Salt = Salt,
        ProofHash = ProofHash.Compute(job.Cid, attempt, fence, output, miner),
        Metrics = new ProofMetrics
        {
            InferenceSeconds = "1",
            Model = Cast.Model,
            ModelSha256 = Class.ModelSha256,
            Runtime = Class.Runtime,
            Device = Class.Device,
            Precision = Class.Precision,
        },
    };

    public CheckSnapshot Score(JobEntry job, CheckWork check, EnsName miner, bool passes) => new()
    {
        Pool = Cast.Pool,
        Network = "local",
        Timestamp = now(),
        Nonce = Next(),
        Miner = miner,
        JobCid = job.Cid,
        Fence = check.Fence,
        ProofCid = job.Proofs[0].ProofCid,
        Result = CheckResults.Scored,
        Positions = 100,
        ExactWins = passes ? 100 : 10,
        MarginMicro = passes ? 0 : 900_000,
        TopDistanceMicro = 0,
        Class = Class,
    };

    private string Next() => (++nonce).ToString("x32", CultureInfo.InvariantCulture);
}
