using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Snapshots;

namespace SwarmPool.Runtime.Daemon.Intake.Rules;

/// <summary>The bytes are a snapshot.</summary>
internal sealed class FormRule : IIntakeRule
{
    public ValueTask<Refusal?> CheckAsync(IntakeItem item, CancellationToken cancellationToken)
    {
        if (!SnapshotCodec.TryDecode(item.Payload, out var snapshot, out var refusal))
        {
            return new(refusal);
        }

        item.Snapshot = snapshot;
        return default;
    }
}
