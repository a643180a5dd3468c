namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// A rule that needs content which a stranger named. A message waits for it in the rule's own queue, so that content which is
/// unavailable delays no message that needs none.
/// </summary>
internal interface IFetchingRule : IIngressRule
{
    /// <summary>How many messages it fetches for at a time.</summary>
    int Workers { get; }

    /// <summary>Whether it has to fetch anything for this message; where not, <see cref="IIngressRule.CheckAsync"/> passes it at once.</summary>
    bool MustFetch(IngressMessage message);
}
