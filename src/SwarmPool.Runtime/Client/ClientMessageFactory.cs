using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Roles;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>Writes and signs what the client says.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ClientMessageFactory(PartyIdentity identity, INonceSource nonces, TimeProvider time)
{
    public ValueTask<SignedSnapshot> JobAsync(JobSpec spec, Cid input, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return identity.SignAsync(
            new JobSnapshot
            {
                Client = identity.Name,
                Pool = identity.Pool,
                Network = identity.Network,
                Timestamp = now.ToUnixTimeSeconds(),
                Nonce = nonces.Next(),
                JobType = spec.JobType,
                Model = spec.Model,
                InputCid = input,
                Payment = new JobPayment(spec.Amount) { Rates = spec.Rates },
                Deadline = (now + spec.Deadline).ToUnixTimeSeconds(),
                TimeLimitSeconds = spec.TimeLimit is { } limit ? (int)limit.TotalSeconds : null,
                Replicas = spec.Replicas,
            },
            cancellationToken);
    }

    public ValueTask<SignedSnapshot> CancelAsync(Cid job, CancellationToken cancellationToken) => identity.SignAsync(
        new CancelSnapshot
        {
            Client = identity.Name,
            Pool = identity.Pool,
            Network = identity.Network,
            Timestamp = time.GetUtcNow().ToUnixTimeSeconds(),
            Nonce = nonces.Next(),
            JobCid = job,
        },
        cancellationToken);
}
