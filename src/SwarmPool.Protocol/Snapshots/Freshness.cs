namespace SwarmPool.Protocol.Snapshots;

/// <summary>How far two honest clocks, and a message's way between them, may be apart.</summary>
/// <remarks>Claims, releases, proofs, heartbeats and registrations are taken within the window, the rest may be older; nothing counts that is dated further ahead than it.</remarks>
public static class Freshness
{
    /// <summary>The window, in seconds, to either side of the receiver's clock.</summary>
    public const long WindowSeconds = 300;

    /// <summary>The window in milliseconds.</summary>
    public const long WindowMs = WindowSeconds * 1000;

    /// <summary>After this long without an answer a sender signs anew: what is on its way must still arrive within the window.</summary>
    public static readonly TimeSpan SignAnewAfter = TimeSpan.FromSeconds(WindowSeconds * 4 / 5);
}
