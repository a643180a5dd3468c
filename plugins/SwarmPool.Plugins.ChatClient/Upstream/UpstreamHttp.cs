namespace SwarmPool.Plugins.ChatClient.Upstream;

/// <summary>The connections to servers: pooled, without redirects, cookies, a proxy and decompression. Nothing is tried again here: the pool gives the job to another.</summary>
internal static class UpstreamHttp
{
    public static SocketsHttpHandler Make() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        MaxResponseHeadersLength = 64,
        MaxResponseDrainSize = 0, // An answer that was cut isn't read to its end: the connection is closed, and the server sees that.
    };
}
