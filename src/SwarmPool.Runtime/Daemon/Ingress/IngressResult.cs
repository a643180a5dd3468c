using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>How far a message has come. <c>default</c> lets it in.</summary>
/// <param name="Refusal">What stands against it; null when nothing does, or it waits.</param>
/// <param name="Answerable">With a refusal: whether its signer is known, who is then told. Else it is counted and dropped: there is nobody to answer.</param>
/// <param name="WaitsFor">The rule that has to fetch something before the message can go on; null when all rules were asked or one refused.</param>
internal readonly record struct IngressResult(Refusal? Refusal, bool Answerable, IFetchingRule? WaitsFor);
