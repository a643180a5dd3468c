using System.Net;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Peers;

/// <summary>Which of a node's own addresses others can use: the public ones, else those of its network, else those of its machine.</summary>
internal static class ReachableAddresses
{
    /// <summary>A place of peers that fits a name's record; each address ends in the node's id.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> addresses)
    {
        var usable = addresses.Where(PeerConnector.IsAddress).GroupBy(Nearness).OrderBy(static group => group.Key).FirstOrDefault()?.ToList() ?? [];
        return PoolLocation.Read(null, string.Join(',', usable.Take(PoolLocation.MaxPeers)), static _ => { }).Peers;
    }

    // 0: from everywhere, 1: from the same network, 2: from the same machine.
    private static int Nearness(string address)
    {
        if (!IPAddress.TryParse(address.Split('/')[2], out var host))
        {
            return 0; // A domain's name: its owner has set it for others.
        }

        if (IPAddress.IsLoopback(host))
        {
            return 2;
        }

        var bytes = host.MapToIPv6().GetAddressBytes();
        var isPrivate = host.IsIPv6LinkLocal || host.IsIPv6UniqueLocal
            || (host.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
                && (bytes[12], bytes[13]) is (10, _) or (172, >= 16 and <= 31) or (192, 168) or (169, 254) or (100, >= 64 and <= 127));
        return isPrivate ? 1 : 0;
    }
}
