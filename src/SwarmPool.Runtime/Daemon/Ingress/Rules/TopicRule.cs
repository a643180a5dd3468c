using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Messaging;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>Each type has its topic.</summary>
internal sealed class TopicRule : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage item, CancellationToken cancellationToken)
    {
        var type = item.Snapshot.Body.Type;
        return new(Topics.Inbound(type) == item.Topic
            ? null
            : new Refusal(ErrorCodes.WrongTopic, $"A snapshot of type {type} does not belong on the topic {item.Topic}."));
    }
}
