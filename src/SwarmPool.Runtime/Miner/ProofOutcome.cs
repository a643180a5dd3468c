using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>What the pool said to a proof.</summary>
/// <param name="Accepted">The acceptance; null when refused.</param>
/// <param name="Code">The refusal's code.</param>
/// <param name="Reason">The refusal's reason.</param>
internal sealed record ProofOutcome(ProofAcceptedItem? Accepted, string Code = "", string Reason = "");
