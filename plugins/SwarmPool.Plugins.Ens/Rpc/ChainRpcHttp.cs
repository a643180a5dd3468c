using Microsoft.Extensions.DependencyInjection;

namespace SwarmPool.Plugins.Ens.Rpc;

/// <summary>The HTTP client that calls a node: pooled connections, no redirects, no cookies, no proxy.</summary>
/// <remarks>Nothing is tried again here: what fails is asked of the next node, or of the same one when there is no other.</remarks>
internal static class ChainRpcHttp
{
    public const string ClientName = "SwarmPool.Plugins.Ens";

    public static IServiceCollection AddRpcHttp(this IServiceCollection services)
    {
        services.AddHttpClient(ClientName, static client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan; // Each request has its own.
                client.DefaultRequestHeaders.UserAgent.ParseAdd("SwarmPool/1.0");
            })
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
                PooledConnectionLifetime = TimeSpan.FromMinutes(10), // A hosted node's address changes.
                MaxResponseHeadersLength = 64,
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers(); // They would write whole addresses, keys and all.
        return services;
    }
}
