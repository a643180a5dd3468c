using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Daemon;

/// <summary>What fills the slots that only a daemon has.</summary>
internal sealed record DaemonSlots(IPoolJournal Journal, ISettlementPolicy Policy, IProofVerifier Verifier);
