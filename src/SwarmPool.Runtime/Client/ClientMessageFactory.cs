using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>Writes and signs what the client says.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ClientMessageFactory(EnsName client, EnsName pool, string network, ISigner signer, INonceSource nonces, TimeProvider time, Cid? delegation = null)
{
    public ValueTask<SignedSnapshot> JobAsync(JobSpec spec, Cid input, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return SnapshotCodec.SignAsync(
            new JobSnapshot
            {
                Client = client,
                Pool = pool,
                Network = network,
                Delegation = delegation,
                Timestamp = now.ToUnixTimeSeconds(),
                Nonce = nonces.Next(),
                JobType = spec.JobType,
                Model = spec.Model,
                InputCid = input,
                Payment = new JobPayment(spec.Amount),
                Deadline = (now + spec.Deadline).ToUnixTimeSeconds(),
                TimeLimitSeconds = spec.TimeLimit is { } limit ? (int)limit.TotalSeconds : null,
                Replicas = spec.Replicas,
            },
            signer,
            cancellationToken);
    }

    public ValueTask<SignedSnapshot> CancelAsync(Cid job, CancellationToken cancellationToken) => SnapshotCodec.SignAsync(
        new CancelSnapshot
        {
            Client = client,
            Pool = pool,
            Network = network,
            Delegation = delegation,
            Timestamp = time.GetUtcNow().ToUnixTimeSeconds(),
            Nonce = nonces.Next(),
            JobCid = job,
        },
        signer,
        cancellationToken);
}
