using SwarmPool.Identity;
using SwarmPool.Transport;

namespace SwarmPool.Load.Driving;

/// <summary>One job of a run: its signed messages, and when each was sent.</summary>
internal sealed class JobTracker
{
    public required Cid Cid { get; init; }

    public required EnsName Miner { get; init; }

    public required ReadOnlyMemory<byte> Job { get; init; }

    public required ReadOnlyMemory<byte> Claim { get; init; }

    public required Cid Output { get; init; }

    /// <summary>A timestamp of the last message that went out for it.</summary>
    public long SentAt { get; set; }
}
