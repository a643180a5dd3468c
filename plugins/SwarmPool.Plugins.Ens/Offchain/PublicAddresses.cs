using System.Net;
using System.Net.Sockets;

namespace SwarmPool.Plugins.Ens.Offchain;

/// <summary>Which addresses a stranger's URL may lead to: none inside this machine, its network, or a cloud's own services.</summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] Reserved =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        }.Select(static text => IPNetwork.Parse(text)),
    ];

    // IPv6: only what is handed out as global unicast, less what tunnels or documents.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] NotGlobal =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(static text => IPNetwork.Parse(text))];

    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return Contains(address.MapToIPv4());
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Reserved.Any(network => network.Contains(address))
            : Global.Contains(address) && !NotGlobal.Any(network => network.Contains(address));
    }
}
