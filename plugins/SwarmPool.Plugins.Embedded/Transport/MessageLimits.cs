namespace SwarmPool.Plugins.Embedded.Transport;

/// <summary>The sizes both kinds of the transport hold to.</summary>
internal static class MessageLimits
{
    /// <summary>The most bytes of an MQTT packet: header, topic, properties and payload.</summary>
    public const int PacketBytes = 256 * 1024;

    /// <summary>Messages held for a slow reader.</summary>
    public const int Held = 4096;
}
