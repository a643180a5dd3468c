using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Runtime.Daemon.Intake.Rules;

/// <summary>No name sends faster than allowed.</summary>
internal sealed class NameRateRule(RateLimit<EnsName> limit) : IIntakeRule
{
    public ValueTask<Refusal?> CheckAsync(IntakeItem item, CancellationToken cancellationToken) => new(
        limit.TryTake(item.Name)
            ? null
            : new Refusal(ErrorCodes.NameRate, $"{item.Name} sends more than it may; slow down."));
}
