using SwarmPool.Protocol.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>Something that the pool has to decide about. Facts that it is judged by come beside it, never from a clock or a network.</summary>
internal abstract record PoolInput;

/// <summary>A daemon took the journal's lease and starts to decide.</summary>
internal sealed record StartedInput(long Term, PoolSettings Settings) : PoolInput;

/// <summary>A signed snapshot arrived: job, cancel, registration, heartbeat, claim, release or proof.</summary>
internal sealed record MessageInput(SignedSnapshot Snapshot) : PoolInput;

/// <summary>Time passed: something may be due.</summary>
internal sealed record TimeInput : PoolInput;

/// <summary>The daemon was held up (stopped, or its machine was) for so long that heartbeats may wait unread: nobody is to lose a claim by that.</summary>
internal sealed record ResumedInput : PoolInput;

/// <summary>The secret of the epoch that has just opened was drawn; it is in the facts. Rules 3.</summary>
internal sealed record DrawInput : PoolInput;

/// <summary>The open epoch is over.</summary>
internal sealed record EpochEndInput : PoolInput;

/// <summary>A closed epoch was settled; the settlement is in the facts.</summary>
internal sealed record SettledInput(long Epoch) : PoolInput;

/// <summary>A settled epoch's snapshot was published.</summary>
internal sealed record SealedInput(long Epoch, Cid Cid) : PoolInput;
