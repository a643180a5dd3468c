namespace SwarmPool.Runtime.Plugins.Trust;

/// <summary>How a plugin stands to the lock file.</summary>
public enum PluginLockState
{
    /// <summary>The configuration names no lock file.</summary>
    NoLockFile = 0,

    /// <summary>It is not in the lock file.</summary>
    NotLocked,

    /// <summary>It is in the lock file, but not as it is now.</summary>
    Changed,

    /// <summary>It is as it was locked.</summary>
    Locked,
}
