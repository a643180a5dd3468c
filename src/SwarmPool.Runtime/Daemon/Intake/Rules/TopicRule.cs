using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Messaging;

namespace SwarmPool.Runtime.Daemon.Intake.Rules;

/// <summary>Each type has its topic.</summary>
internal sealed class TopicRule : IIntakeRule
{
    public ValueTask<Refusal?> CheckAsync(IntakeItem item, CancellationToken cancellationToken)
    {
        var type = item.Snapshot.Body.Type;
        return new(Topics.Inbound(type) == item.Topic
            ? null
            : new Refusal(ErrorCodes.WrongTopic, $"A snapshot of type {type} does not belong on the topic {item.Topic}."));
    }
}
