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

/// <summary>
/// A rule that messages may have to wait for: it needs content which a stranger named, or holds back what is said again. A message waits for it
/// in the rule's own queue, so that it delays no message that needs none of this.
/// </summary>
internal interface IFetchingRule : IIngressRule
{
    /// <summary>How many messages it takes at a time.</summary>
    int Workers { get; }

    /// <summary>Whether it has anything to do for this message; where not, <see cref="IIngressRule.CheckAsync"/> passes it at once.</summary>
    bool MustFetch(IngressMessage message);
}
