using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>No message is larger than a snapshot may be.</summary>
internal sealed class SizeRule : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage item, CancellationToken cancellationToken) => new(
        item.Payload.Length <= SnapshotCodec.MaxBytes
            ? null
            : new Refusal(ErrorCodes.SnapshotTooLarge, $"The message has {item.Payload.Length} bytes; {SnapshotCodec.MaxBytes} are allowed."));
}
