using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>The bytes are a snapshot.</summary>
internal sealed class FormRule : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        if (!SnapshotCodec.TryDecode(message.Payload, out var snapshot, out var refusal))
        {
            return new(refusal);
        }

        message.Snapshot = snapshot;
        return default;
    }
}
