using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Messaging;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>Each type has its topic.</summary>
internal sealed class TopicRule : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        var type = message.Snapshot.Body.Type;
        return new(Topics.Inbound(type) == message.Topic
            ? null
            : new Refusal(ErrorCodes.WrongTopic, $"A snapshot of type {type} does not belong on the topic {message.Topic}."));
    }
}
