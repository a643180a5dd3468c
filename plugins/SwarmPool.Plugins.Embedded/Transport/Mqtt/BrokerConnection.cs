using System.Net;
using System.Net.Sockets;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>One connection at the broker: who it is there, what it has done, and what waits for it.</summary>
/// <remarks>The counts are kept by <see cref="BrokerConnections"/>, under its lock.</remarks>
internal sealed class BrokerConnection(Socket socket, long number, long since, PublishPace pace)
{
    public EndPoint Remote { get; } = socket.RemoteEndPoint!;

    /// <summary>Who shares its places: the address, or of IPv6 the network that one customer gets.</summary>
    public string Origin { get; } = OriginOf((IPEndPoint)socket.RemoteEndPoint!);

    /// <summary>Who publishes by it, for the daemon's accounts: by nothing that the client chose, and by nothing that tells how to reach or to be it.</summary>
    public string Peer { get; } = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"connection-{number}");

    /// <summary>When it came, as the clock's timestamp.</summary>
    public long Since { get; } = since;

    /// <summary>The id that it took; null before it is let in.</summary>
    public string? ClientId { get; set; }

    /// <summary>How fast it is read.</summary>
    public PublishPace Pace { get; } = pace;

    public bool HasPublished { get; set; }

    public int Topics { get; set; }

    /// <summary>Bytes that wait for it.</summary>
    public long Queued { get; set; }

    /// <summary>Answers that wait for it.</summary>
    public int Answers { get; set; }

    public bool IsCutOff { get; set; }

    /// <summary>How little it has done: 0 nothing, 1 it listens, 2 it has published.</summary>
    public int Standing => HasPublished ? 2 : Topics > 0 ? 1 : 0;

    /// <summary>Closes it, whatever waits for it.</summary>
    public void Close() => socket.Dispose();

    private static string OriginOf(IPEndPoint remote)
    {
        var address = remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address;
        return address.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address)
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
