using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace SwarmPool.Plugins.Ens.Offchain;

/// <summary>The HTTP client for gateways, whose URLs are strangers': it connects to public addresses only, whatever a host's name resolves to.</summary>
internal static class GatewayHttp
{
    public const string ClientName = "SwarmPool.Plugins.Ens.Gateway";

    public static IServiceCollection AddGatewayHttp(this IServiceCollection services)
    {
        services.AddHttpClient(ClientName, Configure)
            .ConfigurePrimaryHttpMessageHandler(static () => Handler(PublicAddresses.Contains))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        return services;
    }

    public static void Configure(HttpClient client)
    {
        client.Timeout = Timeout.InfiniteTimeSpan; // Each request has its own.
        client.DefaultRequestHeaders.UserAgent.ParseAdd("SwarmPool/1.0");
    }

    /// <param name="mayConnect">Which addresses may be connected to. Asked after the name was resolved, for the very address that is used.</param>
    public static SocketsHttpHandler Handler(Func<IPAddress, bool> mayConnect) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
        MaxResponseHeadersLength = 16,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, mayConnect, cancellationToken),
    };

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, Func<IPAddress, bool> mayConnect, CancellationToken cancellationToken)
    {
        var found = await Dns.GetHostAddressesAsync(host.Host, cancellationToken);
        var allowed = found.Where(mayConnect).ToArray();
        if (allowed.Length == 0)
        {
            throw new OffchainException(passing: false, $"its gateway {host.Host} has no public address");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, host.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
