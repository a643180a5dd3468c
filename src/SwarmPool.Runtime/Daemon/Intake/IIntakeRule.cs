using SwarmPool.Runtime.Errors;

namespace SwarmPool.Runtime.Daemon.Intake;

/// <summary>One reason not to let a message in. Rules are asked in the order that <see cref="IntakeRules"/> explains.</summary>
internal interface IIntakeRule
{
    /// <summary>Null lets it pass.</summary>
    ValueTask<Refusal?> CheckAsync(IntakeItem item, CancellationToken cancellationToken);
}
