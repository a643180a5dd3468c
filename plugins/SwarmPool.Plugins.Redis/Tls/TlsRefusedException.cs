namespace SwarmPool.Plugins.Redis.Tls;

/// <summary>One side does not let the other in, or does not speak TLS at all: trying again does not help.</summary>
internal sealed class TlsRefusedException(string reason, string fix) : Exception(reason)
{
    /// <summary>What to do.</summary>
    public string Fix { get; } = fix;
}
