using SwarmPool.Identity;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>A finished job: everything here has been checked against signatures, hashes and CIDs.</summary>
/// <param name="JobCid">The job.</param>
/// <param name="Output">The output's bytes.</param>
/// <param name="OutputCid">The output's CID.</param>
/// <param name="Proof">The miner's proof, with <see cref="ProofSnapshot.Metrics"/>.</param>
/// <param name="ProofCid">The proof's CID.</param>
/// <param name="Miner">Who did it.</param>
/// <param name="EpochId">The epoch that the job is paid in.</param>
public sealed record JobResult(Cid JobCid, ReadOnlyMemory<byte> Output, Cid OutputCid, ProofSnapshot Proof, Cid ProofCid, EnsName Miner, string EpochId);
