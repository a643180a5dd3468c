using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins.Redis.Journal;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.Plugins.Redis.Tls;
using SwarmPool.Plugins.Redis.Transport;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis;

/// <summary>Fills the journal and the transport slot with Redis.</summary>
public static class RedisBuilderExtensions
{
    private const string DefaultServer = "127.0.0.1:6379";

    private static readonly SectionSlot[] Slots =
    [
        new("journal", typeof(RedisJournalOptions), static (builder, section) => builder
            .AddJournalDefaults()
            .AddSlotOptions<RedisJournalOptions, RedisJournalOptionsCheck>(section, static (from, options) => from.Bind(options))
            .FillJournal()),
        new("transport", typeof(RedisTransportOptions), static (builder, section) => builder
            .AddTransportDefaults()
            .AddSlotOptions<RedisTransportOptions, RedisTransportOptionsCheck>(section, static (from, options) => from.Bind(options))
            .FillTransport()),
    ];

    /// <summary>Fills the journal slot with a Redis server.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are validated when the host starts.</param>
    public static ISwarmPoolBuilder UseRedisJournal(this ISwarmPoolBuilder builder, Action<RedisJournalOptions>? configure = null) =>
        builder.AddJournalDefaults().AddSlotOptions<RedisJournalOptions, RedisJournalOptionsCheck>(configure).FillJournal();

    /// <summary>Fills the transport slot with a Redis server that all parties of the pool reach.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are validated when the host starts.</param>
    public static ISwarmPoolBuilder UseRedisTransport(this ISwarmPoolBuilder builder, Action<RedisTransportOptions>? configure = null) =>
        builder.AddTransportDefaults().AddSlotOptions<RedisTransportOptions, RedisTransportOptionsCheck>(configure).FillTransport();

    /// <summary>
    /// Fills the slots that a configuration section asks for: both, or those that its key <c>slots</c> lists of <c>journal</c>,
    /// <c>transport</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section; its keys are those of the options classes. Another key is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseRedis(this ISwarmPoolBuilder builder, IConfigurationSection section) => builder.FillSlots(section, Slots);

    private static ISwarmPoolBuilder FillJournal(this ISwarmPoolBuilder builder)
    {
        var baseDirectory = builder.BaseDirectory;
        return builder.Fill<IPoolJournal>("Redis journal", services =>
        {
            var options = services.GetRequiredService<IOptions<RedisJournalOptions>>().Value;
            return new RedisJournal(
                options,
                JournalServer(options, baseDirectory),
                services.GetService<TimeProvider>() ?? TimeProvider.System,
                services.GetRequiredService<ILogger<RedisJournal>>());
        });
    }

    private static ISwarmPoolBuilder FillTransport(this ISwarmPoolBuilder builder)
    {
        var baseDirectory = builder.BaseDirectory;
        return builder.Fill<ITransport>("Redis transport", services =>
        {
            var options = services.GetRequiredService<IOptions<RedisTransportOptions>>().Value;
            return new RedisTransport(
                options,
                TransportServer(options, baseDirectory),
                services.GetService<TimeProvider>() ?? TimeProvider.System,
                services.GetRequiredService<ILogger<RedisTransport>>());
        });
    }

    private static ISwarmPoolBuilder AddJournalDefaults(this ISwarmPoolBuilder builder) =>
        builder.AddSlotOptions<RedisJournalOptions, RedisJournalOptionsCheck>(options => options.Pool = DefaultPool(builder, options.Pool));

    private static ISwarmPoolBuilder AddTransportDefaults(this ISwarmPoolBuilder builder) =>
        builder.AddSlotOptions<RedisTransportOptions, RedisTransportOptionsCheck>(options => options.Pool = DefaultPool(builder, options.Pool));

    private static string DefaultPool(ISwarmPoolBuilder builder, string otherwise) =>
        builder.Configuration["pool_ens"] is { Length: > 0 } configured ? configured : otherwise;

    private static ServerSettings JournalServer(RedisJournalOptions options, string baseDirectory)
    {
        try
        {
            return Server(options.Configuration, options.ConfigurationFile, options.Tls, options.TimeoutSeconds, baseDirectory);
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            throw new JournalException(JournalFault.Unavailable, e.Message, e);
        }
    }

    private static ServerSettings TransportServer(RedisTransportOptions options, string baseDirectory)
    {
        var ownServer = !string.IsNullOrEmpty(options.TransportConfiguration) || !string.IsNullOrEmpty(options.TransportConfigurationFile);
        try
        {
            return ownServer
                ? Server(options.TransportConfiguration, options.TransportConfigurationFile, options.TransportTls, options.TimeoutSeconds, baseDirectory)
                : Server(options.Configuration, options.ConfigurationFile, options.Tls, options.TimeoutSeconds, baseDirectory);
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            throw new TransportException(TransportFault.Unavailable, e.Message, e);
        }
    }

    private static ServerSettings Server(string? configuration, string? file, RedisTlsOptions tls, int timeoutSeconds, string baseDirectory)
    {
        var text = !string.IsNullOrEmpty(file) ? SettingFile.FirstLine(Path.GetFullPath(file, baseDirectory), "configuration_file")
            : !string.IsNullOrEmpty(configuration) ? configuration
            : DefaultServer;
        return ServerSettings.Of(text, TimeSpan.FromSeconds(timeoutSeconds), TlsFiles.Read(tls, baseDirectory));
    }
}
