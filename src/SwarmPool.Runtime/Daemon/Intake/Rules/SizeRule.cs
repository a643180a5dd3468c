using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Snapshots;

namespace SwarmPool.Runtime.Daemon.Intake.Rules;

/// <summary>No message is larger than a snapshot may be.</summary>
internal sealed class SizeRule : IIntakeRule
{
    public ValueTask<Refusal?> CheckAsync(IntakeItem item, CancellationToken cancellationToken) => new(
        item.Payload.Length <= SnapshotCodec.MaxBytes
            ? null
            : new Refusal(ErrorCodes.SnapshotTooLarge, $"The message has {item.Payload.Length} bytes; {SnapshotCodec.MaxBytes} are allowed."));
}
