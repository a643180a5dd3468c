using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>One reason not to let a message in. Rules are asked in the order that <see cref="IngressRules"/> explains.</summary>
internal interface IIngressRule
{
    /// <summary>Null lets it pass.</summary>
    ValueTask<Refusal?> CheckAsync(IngressMessage item, CancellationToken cancellationToken);
}
