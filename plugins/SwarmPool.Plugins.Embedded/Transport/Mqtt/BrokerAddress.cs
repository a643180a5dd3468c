using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>Where a broker is and who we are there, taken apart from its URL. Its text holds no secret.</summary>
internal sealed record BrokerAddress(string Host, int Port, bool Tls, string? User, string? Password)
{
    private const int PlainPort = 1883;
    private const int TlsPort = 8883;

    public static bool TryParse(string? url, [NotNullWhen(true)] out BrokerAddress? address)
    {
        address = null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("mqtt" or "mqtts")
            || uri.Host.Length == 0 || uri.AbsolutePath is not ("" or "/") || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.Port == 0)
        {
            return false;
        }

        var tls = uri.Scheme == "mqtts";
        var userInfo = uri.UserInfo.Split(':', 2);
        address = new BrokerAddress(
            uri.DnsSafeHost,
            uri.Port > 0 ? uri.Port : tls ? TlsPort : PlainPort,
            tls,
            userInfo[0].Length > 0 ? Uri.UnescapeDataString(userInfo[0]) : null,
            userInfo.Length > 1 ? Uri.UnescapeDataString(userInfo[1]) : null);
        return true;
    }

    /// <summary>The address to listen on: a loopback name or a literal address; null for any other name.</summary>
    public IPAddress? ListenOn => Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(Host, out var ip) ? ip : null;

    /// <summary>The host that a client on the broker's own machine connects to.</summary>
    public string HostFromHere => ListenOn is { } ip && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)) ? "127.0.0.1" : Host;

    public override string ToString() => $"{(Tls ? "mqtts" : "mqtt")}://{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}";
}
