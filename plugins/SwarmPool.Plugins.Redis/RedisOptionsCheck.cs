using Microsoft.Extensions.Options;
using SwarmPool.Plugins.Redis.Server;

namespace SwarmPool.Plugins.Redis;

/// <summary>Which slots the section fills, and what it says that nobody reads.</summary>
internal sealed class RedisSection
{
    public const string Journal = "journal";
    public const string Transport = "transport";

    public static readonly string[] AllSlots = [Journal, Transport];

    public IReadOnlyList<string> Slots { get; set; } = AllSlots;

    public IReadOnlyList<string> UnknownKeys { get; set; } = [];
}

/// <summary>Sees that the options go together; all problems at once, none with a secret in it.</summary>
internal sealed class RedisOptionsCheck : IValidateOptions<RedisJournalOptions>, IValidateOptions<RedisTransportOptions>, IValidateOptions<RedisSection>
{
    private const int MaxPoolChars = 255;

    public ValidateOptionsResult Validate(string? name, RedisSection options) => Result(
    [
        .. options.Slots
            .Where(static slot => !RedisSection.AllSlots.Contains(slot, StringComparer.Ordinal))
            .Select(static slot => $"slots: '{slot}' is no slot of this plugin; known are {string.Join(", ", RedisSection.AllSlots)}"),
        .. options.UnknownKeys.Select(static key => $"{key}: no such option of the Redis plugin; see its README for those there are"),
    ]);

    public ValidateOptionsResult Validate(string? name, RedisJournalOptions options) => Result(
    [
        .. Server("configuration", options.Configuration, "configuration_file", options.ConfigurationFile),
        .. Tls("tls", options.Tls, "configuration", options.Configuration),
        .. Pool(options.Pool),
        .. Range("timeout_seconds", options.TimeoutSeconds, 1, 25),
        .. Range("replicas", options.Replicas, 0, 16),
        .. Enum.IsDefined(options.Durability) ? [] : new[] { $"durability: {options.Durability} is none; it must be always, everysec or none" },
    ]);

    public ValidateOptionsResult Validate(string? name, RedisTransportOptions options) => Result(
    [
        .. Server("configuration", options.Configuration, "configuration_file", options.ConfigurationFile),
        .. Tls("tls", options.Tls, "configuration", options.Configuration),
        .. Server("transport_configuration", options.TransportConfiguration, "transport_configuration_file", options.TransportConfigurationFile),
        .. Tls("transport_tls", options.TransportTls, "transport_configuration", options.TransportConfiguration),
        .. Pool(options.Pool),
        .. Range("timeout_seconds", options.TimeoutSeconds, 1, 25),
        .. Range("connect_timeout_seconds", options.ConnectTimeoutSeconds, 1, 3600),
        .. Range("max_content_bytes", options.MaxContentBytes, 65_536, 268_435_456),
        .. Range("content_seconds", options.ContentSeconds, 60, 31_536_000),
        .. Range("fetch_wait_seconds", options.FetchWaitSeconds, 0, 600),
        .. Range("stream_messages", options.StreamMessages, 1024, 1_000_000),
        .. Range("backlog_seconds", options.BacklogSeconds, 0, 300),
    ]);

    private static IEnumerable<string> Server(string key, string? text, string fileKey, string? file)
    {
        if (!string.IsNullOrEmpty(text) && !string.IsNullOrEmpty(file))
        {
            yield return $"{key}, {fileKey}: keep one of the two";
        }
        else if (!string.IsNullOrEmpty(text) && !ServerSettings.TryParse(text, out _))
        {
            yield return $"{key}: this is no configuration of StackExchange.Redis that names a server; write it like host:6379,ssl=true,user=pool,password=…";
        }
    }

    private static IEnumerable<string> Tls(string key, RedisTlsOptions tls, string serverKey, string? server)
    {
        var isSaid = static (string? text) => !string.IsNullOrEmpty(text);
        if (isSaid(tls.Password) && isSaid(tls.PasswordFile))
        {
            yield return $"{key}:password, {key}:password_file: keep one of the two";
        }

        if (!isSaid(tls.CertificateFile) && (isSaid(tls.KeyFile) || isSaid(tls.Password) || isSaid(tls.PasswordFile)))
        {
            yield return $"{key}: a key or its password belongs to a certificate; name it in {key}:certificate_file";
        }

        if (tls.IsSaid && ServerSettings.TryParse(server, out var options) && !options.Ssl)
        {
            yield return $"{key}: '{serverKey}' does not say ssl=true; add it, or take {key} out";
        }
    }

    // A brace would end the hash tag before the name does, and two pools could meet.
    private static IEnumerable<string> Pool(string? pool) =>
        string.IsNullOrEmpty(pool) || pool.Length > MaxPoolChars || pool.AsSpan().IndexOfAny("{}") >= 0 || pool.Any(char.IsControl) || pool.Any(char.IsWhiteSpace)
            ? [$"pool: a pool's name has 1 to {MaxPoolChars} characters, none of them a brace, blank or control character"]
            : [];

    private static IEnumerable<string> Range(string key, long value, long least, long most) =>
        value < least || value > most ? [$"{key}: {value} is out of range; it must be {least} to {most}"] : [];

    private static ValidateOptionsResult Result(List<string> problems) =>
        problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
