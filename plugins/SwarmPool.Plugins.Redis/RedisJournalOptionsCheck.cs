using Microsoft.Extensions.Options;
using SwarmPool.Plugins.Redis.Server;

namespace SwarmPool.Plugins.Redis;

/// <summary>Finds every problem of the journal's options at once; no problem holds a secret.</summary>
internal sealed class RedisJournalOptionsCheck : IValidateOptions<RedisJournalOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisJournalOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckServer("configuration", options.Configuration, "configuration_file", options.ConfigurationFile);
        problems.CheckTls("tls", options.Tls, "configuration", options.Configuration);
        problems.CheckPool(options.Pool);
        problems.CheckRange("timeout_seconds", options.TimeoutSeconds, 1, 25);
        problems.CheckRange("replicas", options.Replicas, 0, 16);
        problems.CheckDefined("durability", options.Durability);
        return problems.Build();
    }
}
