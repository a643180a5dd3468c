using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Tls;

namespace SwarmPool.Plugins.Redis.Server;

/// <summary>How to reach a server: StackExchange.Redis's own configuration, with what this plugin needs of it.</summary>
/// <param name="Connection">The connection's options; they hold the secrets.</param>
/// <param name="Location">Where it is, without a secret.</param>
/// <param name="Patience">How long a call is tried.</param>
/// <param name="Tls">Whom to trust, and our own certificate, where TLS is spoken.</param>
/// <param name="Secrets">Takes the configuration's secrets out of what a library or a server says.</param>
internal sealed record ServerSettings(ConfigurationOptions Connection, string Location, TimeSpan Patience, ClientTls Tls, Redactor Secrets)
{
    /// <summary>How a configuration is written.</summary>
    public const string Form = "write it like host:6379,ssl=true,user=pool,password=…, the servers first; or as a URL, like rediss://pool:…@host:6379, where a password with a comma in it is written with %2C";

    private const int ReconnectFirstMs = 50;
    private const int ReconnectLongestMs = 500;
    private static readonly TimeSpan SentinelAttempt = TimeSpan.FromSeconds(3);

    /// <summary>How long one attempt of a call may take.</summary>
    public TimeSpan AttemptLimit => TimeSpan.FromMilliseconds(Connection.AsyncTimeout);

    /// <summary>False when the text is not a configuration, or names no server. Nothing of it is shown: it may hold a password.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ConfigurationOptions? options) =>
        text is not null && text.Contains("://", StringComparison.Ordinal) ? ServerUrl.TryParse(text, out options) : ServerList.TryParse(text, out options);

    /// <summary>Settings of a text that <see cref="TryParse"/> takes.</summary>
    /// <param name="text">StackExchange.Redis's own string, or a URL.</param>
    /// <param name="patience">How long a call is tried.</param>
    /// <param name="tls">What the string can't say of TLS; null when there is nothing to say.</param>
    /// <exception cref="FormatException">It doesn't, or speaks no TLS although there is something to say of it.</exception>
    public static ServerSettings Of(string text, TimeSpan patience, ClientTls? tls = null)
    {
        if (!TryParse(text, out var options))
        {
            throw new FormatException($"This is not a StackExchange.Redis configuration that names a server: {Form}.");
        }

        if (tls is not null && !options.Ssl)
        {
            throw new FormatException("There are settings for TLS, but the server's configuration does not say ssl=true: add it, or remove them.");
        }

        // A lost server is found again by trying, and a call waits for that in the client's queue; the rest stays as written.
        options.AbortOnConnectFail = true;
        options.ConnectRetry = 1;

        // While Sentinels elect the client stands still for as long as one attempt may take: it asks them again sooner than the rest.
        var attempt = string.IsNullOrEmpty(options.ServiceName) || patience < SentinelAttempt ? patience : SentinelAttempt;
        options.ConnectTimeout = Math.Min(options.ConnectTimeout, (int)attempt.TotalMilliseconds);
        options.AsyncTimeout = (int)attempt.TotalMilliseconds;
        options.SyncTimeout = (int)attempt.TotalMilliseconds; // Its queue goes by this one, also for asynchronous calls.
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
        options.ReconnectRetryPolicy = new ExponentialRetry(ReconnectFirstMs, ReconnectLongestMs);
        options.ChannelPrefix = default;
        options.AllowAdmin = true; // CONFIG GET: whether the server is durable.
        options.IncludeDetailInExceptions = false;
        options.ClientName ??= "swarmpool";
        options.SetDefaultPorts();
        tls ??= ClientTls.Plain;
        if (options.Ssl)
        {
            options.SslClientAuthenticationOptions = host => tls.OptionsFor(host, options);
        }

        return new ServerSettings(options, Where(options), patience, tls, Redactor.For([text], [options.Password]));
    }

    private static string Where(ConfigurationOptions options)
    {
        var servers = string.Join(',', options.EndPoints.Select(static point => point switch
        {
            DnsEndPoint name => string.Create(CultureInfo.InvariantCulture, $"{name.Host}:{name.Port}"),
            _ => point.ToString(),
        }));
        var service = string.IsNullOrEmpty(options.ServiceName) ? "" : $"/{options.ServiceName}";
        var database = options.DefaultDatabase is > 0 and var number ? string.Create(CultureInfo.InvariantCulture, $"/{number}") : "";
        return $"{(options.Ssl ? "rediss" : "redis")}://{servers}{service}{database}";
    }
}
