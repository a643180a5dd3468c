using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>The bytes are a snapshot.</summary>
internal sealed class FormRule : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage item, CancellationToken cancellationToken)
    {
        if (!SnapshotCodec.TryDecode(item.Payload, out var snapshot, out var refusal))
        {
            return new(refusal);
        }

        item.Snapshot = snapshot;
        return default;
    }
}
