using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>The bytes are a snapshot.</summary>
internal sealed class FormRule : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        if (!SnapshotCodec.TryDecode(message.Payload, out var snapshot, out var refusal))
        {
            return new(refusal);
        }

        message.Snapshot = snapshot;
        return default;
    }
}

/// <summary>No message is larger than a snapshot may be.</summary>
internal sealed class SizeRule : IIngressRule
{
    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken) => new(
        message.Payload.Length <= SnapshotCodec.MaxBytes
            ? null
            : new Refusal(ErrorCodes.SnapshotTooLarge, $"The message has {message.Payload.Length} bytes; {SnapshotCodec.MaxBytes} are allowed."));
}

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

/// <summary>It is for this pool, on this network: a signature for another is worthless here.</summary>
internal sealed class AddressRule(EnsName pool, string network) : IIngressRule
{
    public bool AnswersSender => true;

    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        var body = message.Snapshot.Body;
        if (body.Pool != pool)
        {
            return new(new Refusal(ErrorCodes.WrongPool, $"The snapshot is for the pool {body.Pool}; this is {pool}."));
        }

        return new(body.Network == network
            ? null
            : new Refusal(ErrorCodes.WrongNetwork, $"The snapshot's names live on '{body.Network}'; this pool's live on '{network}'."));
    }
}
