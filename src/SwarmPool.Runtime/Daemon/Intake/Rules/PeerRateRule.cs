using SwarmPool.Runtime.Errors;

namespace SwarmPool.Runtime.Daemon.Intake.Rules;

/// <summary>No transport peer sends faster than allowed. Peers that the transport can't tell apart are one.</summary>
internal sealed class PeerRateRule(RateLimit<string> limit) : IIntakeRule
{
    public ValueTask<Refusal?> CheckAsync(IntakeItem item, CancellationToken cancellationToken) => new(
        limit.TryTake(item.Peer)
            ? null
            : new Refusal(ErrorCodes.PeerRate, $"The peer '{item.Peer}' sends more than it may; slow down."));
}
