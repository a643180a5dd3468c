using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Support;

/// <summary>A client (the clinic) and a scripted pool on one network.</summary>
internal sealed class ClientStage : IAsyncDisposable
{
    public ClientStage(Action<ClientOptions>? configure = null, EnsName? key = null)
    {
        Pool = new ScriptedPool(Net, Cast);
        var options = new ClientOptions { ClientEns = Cast.Clinic.Text, RepeatSeconds = 1, PatienceSeconds = 0 };
        configure?.Invoke(options);
        Client = new PoolClient(options, new RoleDependencies(
            Net.Join(), Cast, Cast.SignerOf(key ?? Cast.Clinic), SignatureEngines.Best, TimeProvider.System, SwarmPoolSchedulers.ThreadPool, NullLoggerFactory.Instance));
    }

    public static JobSpec Spec => new() { JobType = "image-classification", Model = "queenbee-spine", Amount = Usdc.Parse("0.1"), Input = new byte[] { 1, 2, 3 } };

    public MemoryNet Net { get; } = new();

    public Cast Cast { get; } = new();

    public ScriptedPool Pool { get; }

    public PoolClient Client { get; }

    public async Task<ClientStage> StartAsync()
    {
        await Client.StartAsync(CancellationToken.None);
        return this;
    }

    /// <summary>A proof of a miner, stored with its output; the change makes it a wrong one.</summary>
    public async Task<SignedSnapshot> ProveAsync(
        Cid job, EnsName miner, string output = "{\"label\":7}", EnsName? signedBy = null, Func<ProofSnapshot, ProofSnapshot>? change = null)
    {
        var cid = Net.Put(System.Text.Encoding.UTF8.GetBytes(output));
        var proof = new ProofSnapshot
        {
            Miner = miner,
            Pool = Cast.Pool,
            Network = "local",
            Timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            Nonce = Nonce.FromRandom(),
            JobCid = job,
            Attempt = 1,
            Fence = 3,
            Status = "completed",
            OutputCid = cid,
            Metrics = new ProofMetrics { InferenceSeconds = "1.5", Model = "queenbee-spine", ModelSha256 = new string('b', 64), Runtime = "r", Device = "cpu", Precision = "fp32" },
            ProofHash = ProofHash.Compute(job, 1, 3, cid, miner),
        };
        var signed = await SnapshotCodec.SignAsync(change?.Invoke(proof) ?? proof, Cast.SignerOf(signedBy ?? miner), CancellationToken.None);
        Net.Put(signed.Bytes);
        return signed;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.StopAsync().WaitAsync(Patience.Long);
        Client.Dispose();
        await Pool.DisposeAsync();
    }
}
