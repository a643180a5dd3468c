using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>A job that could be worked on: one to race for, or one that the pool already gave to this miner.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Deadline">Unix seconds.</param>
/// <param name="Held">The claim, when the pool gave it to this miner already (an answer that came late, or a run before this one).</param>
internal sealed record Candidate(Cid Job, int Attempt, long Deadline, ClaimAcceptedItem? Held = null);
