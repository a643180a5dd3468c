using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>One reason not to let a message in. <see cref="IngressRules"/> takes each message through each rule once.</summary>
internal interface IIngressRule
{
    /// <summary>True when a refusal is for the sender to know: it is sent once the signature has shown who that is. Else the message is dropped.</summary>
    bool AnswersSender => false;

    /// <summary>Null lets it pass.</summary>
    ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken);
}
