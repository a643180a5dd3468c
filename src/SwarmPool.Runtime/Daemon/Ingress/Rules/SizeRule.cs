using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>No message is larger than a snapshot may be.</summary>
internal sealed class SizeRule : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken) => new(
        message.Payload.Length <= SnapshotCodec.MaxBytes
            ? null
            : new Refusal(ErrorCodes.SnapshotTooLarge, $"The message has {message.Payload.Length} bytes; {SnapshotCodec.MaxBytes} are allowed."));
}
