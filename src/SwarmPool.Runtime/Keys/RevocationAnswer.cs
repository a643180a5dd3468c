using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Keys;

/// <summary>What a pool said of a revocation.</summary>
/// <param name="Confirmed">True when it counts there from now on.</param>
/// <param name="Refusal">Why the pool does not take it; null when it does, and when it was not heard.</param>
public sealed record RevocationAnswer(bool Confirmed, Refusal? Refusal);
