using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
    private static readonly string[] TlsKeys = ["tls", "transport_tls"];

    /// <summary>Fills the journal slot with a Redis server.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are validated when the host starts.</param>
    public static ISwarmPoolBuilder UseRedisJournal(this ISwarmPoolBuilder builder, Action<RedisJournalOptions>? configure = null)
    {
        AddOptions<RedisJournalOptions>(builder, options =>
        {
            options.Pool = DefaultPool(builder, options.Pool);
            configure?.Invoke(options);
        });
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

    /// <summary>Fills the transport slot with a Redis server that all parties of the pool reach.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are validated when the host starts.</param>
    public static ISwarmPoolBuilder UseRedisTransport(this ISwarmPoolBuilder builder, Action<RedisTransportOptions>? configure = null)
    {
        AddOptions<RedisTransportOptions>(builder, options =>
        {
            options.Pool = DefaultPool(builder, options.Pool);
            configure?.Invoke(options);
        });
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

    /// <summary>
    /// Fills the slots that a configuration section asks for: both, or those that its key <c>slots</c> lists of <c>journal</c>,
    /// <c>transport</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section; its keys are those of the options classes. Another key is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseRedis(this ISwarmPoolBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var slots = Slots(section);
        AddOptions<RedisSection>(builder, options =>
        {
            options.Slots = slots;
            options.UnknownKeys = UnknownKeys(section);
        });
        if (slots.Contains(RedisSection.Journal, StringComparer.Ordinal))
        {
            builder.UseRedisJournal(options => Bind(options, () => section.Bind(options)));
        }

        if (slots.Contains(RedisSection.Transport, StringComparer.Ordinal))
        {
            builder.UseRedisTransport(options => Bind(options, () => section.Bind(options)));
        }

        return builder;
    }

    private static void AddOptions<TOptions>(ISwarmPoolBuilder builder, Action<TOptions> configure)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton(typeof(IValidateOptions<TOptions>), typeof(RedisOptionsCheck)));
        builder.Services.AddOptions<TOptions>().ValidateOnStart().Configure(configure);
    }

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

    // A value that can't be read is a problem of the options like any other, to be listed with the rest.
    private static void Bind<TOptions>(TOptions options, Action bind)
        where TOptions : class
    {
        try
        {
            bind();
        }
        catch (InvalidOperationException fault)
        {
            throw new OptionsValidationException(Options.DefaultName, options.GetType(), [fault.Message]);
        }
    }

    private static string[] Slots(IConfigurationSection section)
    {
        var named = section.GetSection("slots").GetChildren().Select(static slot => slot.Value ?? "").ToArray();
        return named.Length > 0 ? named : section["slots"] is { Length: > 0 } one ? [one] : RedisSection.AllSlots;
    }

    private static string[] UnknownKeys(IConfigurationSection section)
    {
        var tls = Keys(typeof(RedisTlsOptions));
        var known = new[] { typeof(RedisJournalOptions), typeof(RedisTransportOptions) }.SelectMany(Keys).Append("slots").ToHashSet(StringComparer.OrdinalIgnoreCase);
        var below = TlsKeys.SelectMany(key => section.GetSection(key).GetChildren().Where(child => !tls.Contains(child.Key)).Select(child => $"{key}:{child.Key}"));
        return [.. section.GetChildren().Select(static child => child.Key).Where(key => !known.Contains(key)), .. below];
    }

    private static HashSet<string> Keys(Type options) => options
        .GetProperties()
        .Select(static property => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()!.Name)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);
}
