using System.Security.Cryptography;
using System.Text;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Testing.Verification;

/// <summary>Makes evidence as the runtime hands it to a verifier: job and proof of one attempt, and an output of the proof's CID.</summary>
public static class Evidence
{
    /// <summary>Evidence over an output.</summary>
    /// <param name="output">The output's bytes.</param>
    /// <param name="jobType">The kind of job.</param>
    /// <param name="model">The model.</param>
    /// <param name="input">The input, whose CID the job names.</param>
    public static ProofEvidence Of(ReadOnlyMemory<byte> output, string jobType = "text", string model = "model", ReadOnlyMemory<byte> input = default)
    {
        var job = new JobSnapshot
        {
            Pool = EnsName.Parse("swarmpool.eth"),
            Network = "local",
            Timestamp = 1_760_000_000,
            Nonce = "000102030405060708090a0b0c0d0e0f",
            Client = EnsName.Parse("client.eth"),
            JobType = jobType,
            Model = model,
            InputCid = ContentAddress.Of(input.Span),
            Payment = new JobPayment(Usdc.FromMicro(1_000_000)),
            Deadline = 1_760_003_600,
        };
        var jobCid = Cid.OfBlock(Encoding.UTF8.GetBytes($"{jobType} {model} {job.InputCid}"));
        var proof = new ProofSnapshot
        {
            Pool = job.Pool,
            Network = job.Network,
            Timestamp = job.Timestamp + 60,
            Nonce = "0f0e0d0c0b0a09080706050403020100",
            Miner = EnsName.Parse("miner.alice.eth"),
            JobCid = jobCid,
            Attempt = 1,
            Fence = 1,
            Status = SnapshotStatuses.Completed,
            OutputCid = ContentAddress.Of(output.Span),
            ProofHash = Convert.ToHexStringLower(SHA256.HashData(output.Span)),
            Metrics = new ProofMetrics
            {
                InferenceSeconds = "0.5",
                Model = model,
                ModelSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(model))),
                Runtime = "test/1.0",
                Device = "cpu",
                Precision = "fp32",
            },
        };
        return new(jobCid, job, Cid.OfBlock(Encoding.UTF8.GetBytes($"proof of {proof.OutputCid}")), proof, output);
    }
}
