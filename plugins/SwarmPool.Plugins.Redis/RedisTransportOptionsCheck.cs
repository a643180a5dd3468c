using Microsoft.Extensions.Options;
using SwarmPool.Plugins.Redis.Server;

namespace SwarmPool.Plugins.Redis;

/// <summary>Finds every problem of the transport's options at once; no problem holds a secret.</summary>
internal sealed class RedisTransportOptionsCheck : IValidateOptions<RedisTransportOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisTransportOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckServer("configuration", options.Configuration, "configuration_file", options.ConfigurationFile);
        problems.CheckTls("tls", options.Tls, "configuration", options.Configuration);
        problems.CheckServer("transport_configuration", options.TransportConfiguration, "transport_configuration_file", options.TransportConfigurationFile);
        problems.CheckTls("transport_tls", options.TransportTls, "transport_configuration", options.TransportConfiguration);
        problems.CheckPool(options.Pool);
        problems.CheckRange("timeout_seconds", options.TimeoutSeconds, 1, 25);
        problems.CheckRange("connect_timeout_seconds", options.ConnectTimeoutSeconds, 1, 3600);
        problems.CheckRange("max_content_bytes", options.MaxContentBytes, 65_536, 268_435_456);
        problems.CheckRange("content_seconds", options.ContentSeconds, 60, 31_536_000);
        problems.CheckRange("fetch_wait_seconds", options.FetchWaitSeconds, 0, 600);
        problems.CheckRange("stream_messages", options.StreamMessages, 1024, 1_000_000);
        problems.CheckRange("backlog_seconds", options.BacklogSeconds, 0, 300);
        return problems.Build();
    }
}
