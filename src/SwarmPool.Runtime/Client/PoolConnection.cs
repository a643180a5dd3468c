using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Client;

/// <summary>Whether a client hears its pool.</summary>
public enum PoolConnectionState
{
    /// <summary>It is not started, or has ended.</summary>
    Disconnected = 0,

    /// <summary>It tries, and goes on trying.</summary>
    Connecting,

    /// <summary>The transport carries messages, the key is the name's, and the client listens to its pool.</summary>
    Connected,
}

/// <summary>How a client's connection stood at a moment.</summary>
/// <param name="State">Whether it hears its pool.</param>
/// <param name="Since">Since when, by the host's clock.</param>
/// <param name="LastRefusal">Why it is not connected, by the last attempt; null while connected, and before the first attempt failed.</param>
public sealed record PoolConnection(PoolConnectionState State, DateTimeOffset Since, Refusal? LastRefusal);
