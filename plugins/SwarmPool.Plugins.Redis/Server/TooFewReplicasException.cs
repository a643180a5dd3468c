namespace SwarmPool.Plugins.Redis.Server;

/// <summary>Fewer replicas than wanted have what was written. It is written, in the primary.</summary>
internal sealed class TooFewReplicasException(long have, int wanted)
    : Exception($"only {have} of {wanted} replicas have what was written; it is in the primary alone and not acknowledged");
