using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>The HTTP client that calls a node: pooled connections, no redirects, no cookies, no proxy; what failed on the way is tried again.</summary>
internal static class RpcHttp
{
    private const int Retries = 2;

    public static IServiceCollection AddRpcHttp(this IServiceCollection services)
    {
        services.AddHttpClient(RpcChannel.ClientName, static client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan; // Each call has its own.
                client.DefaultRequestHeaders.UserAgent.ParseAdd("SwarmPool/1.0");
            })
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
                MaxResponseHeadersLength = 64,
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // A subscription lives as long as the process; a node's address does not change under it.
            .RemoveAllLoggers() // A line a call would be a thousand a second, and the plugin says what matters.
            .AddResilienceHandler("node", static pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = Retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(50),
                UseJitter = true,
                ShouldHandle = static attempt => ValueTask.FromResult(IsPassing(attempt)),
            }));
        return services;
    }

    // All that is called may be called twice. What a node answers with 500 is its answer; an overloaded proxy before it is passing.
    private static bool IsPassing(RetryPredicateArguments<HttpResponseMessage> attempt) => attempt.Outcome switch
    {
        { Exception: HttpRequestException } => true,
        { Result.StatusCode: HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests } => true,
        _ => false,
    };
}
