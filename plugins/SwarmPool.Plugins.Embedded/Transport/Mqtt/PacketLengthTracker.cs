namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>
/// Follows the bytes of an MQTT stream from packet to packet and says where one announces more than allowed, before
/// anything is set aside for it (MQTT 5.0, 2.1.4 Remaining Length). The first packet, of whom nobody knows yet, may have a bound of its own.
/// Used by one reader.
/// </summary>
internal sealed class PacketLengthTracker(int maxPacketBytes, int firstPacketBytes = int.MaxValue)
{
    private const int MaxLengthBytes = 4;

    private int most = Math.Min(maxPacketBytes, firstPacketBytes);
    private int remaining;
    private int lengthBytes = -1;
    private int length;

    /// <summary>False once a packet is larger than allowed or its length is malformed.</summary>
    public bool Pass(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (remaining > 0)
            {
                var body = Math.Min(remaining, bytes.Length);
                remaining -= body;
                bytes = bytes[body..];
                continue;
            }

            var one = bytes[0];
            bytes = bytes[1..];
            if (lengthBytes < 0)
            {
                // The packet's type and flags; its length follows, seven bits a byte, least significant first.
                lengthBytes = 0;
                length = 0;
                continue;
            }

            length |= (one & 0x7F) << (7 * lengthBytes++);
            if ((one & 0x80) != 0)
            {
                if (lengthBytes == MaxLengthBytes)
                {
                    return false;
                }

                continue;
            }

            if (length > most)
            {
                return false;
            }

            most = maxPacketBytes;
            remaining = length;
            lengthBytes = -1;
        }

        return true;
    }
}
