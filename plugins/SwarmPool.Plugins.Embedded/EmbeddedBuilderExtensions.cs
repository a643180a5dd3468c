using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Plugins.Embedded.Identity;
using SwarmPool.Plugins.Embedded.Journal;
using SwarmPool.Plugins.Embedded.Transport;
using SwarmPool.Plugins.Embedded.Transport.Mqtt;
using SwarmPool.Plugins.Embedded.Validation;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded;

/// <summary>Fills slots with what one machine has: no service to install.</summary>
public static class EmbeddedBuilderExtensions
{
    /// <summary>Fills the transport slot: MQTT (the default) or an in-process hub, contents in a folder.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are validated when the host starts.</param>
    public static ISwarmPoolBuilder UseEmbeddedTransport(this ISwarmPoolBuilder builder, Action<EmbeddedTransportOptions>? configure = null)
    {
        AddOptions<EmbeddedTransportOptions, EmbeddedTransportOptionsValidator>(builder, configure);
        var baseDirectory = builder.BaseDirectory;
        return builder.Fill<ITransport>("Embedded transport", services => TransportFactory.Create(
            Options<EmbeddedTransportOptions>(services),
            baseDirectory,
            Clock(services),
            services.GetRequiredService<ILogger<MqttTransport>>()));
    }

    /// <summary>Fills the identity slot from a names file; the network is "local".</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are validated when the host starts.</param>
    public static ISwarmPoolBuilder UseEmbeddedIdentity(this ISwarmPoolBuilder builder, Action<EmbeddedIdentityOptions>? configure = null)
    {
        AddOptions<EmbeddedIdentityOptions, EmbeddedIdentityOptionsValidator>(builder, configure);
        var baseDirectory = builder.BaseDirectory;
        return builder.Fill<IIdentityProvider>("Embedded identity", services => new EmbeddedIdentity(
            Path.GetFullPath(Options<EmbeddedIdentityOptions>(services).Names, baseDirectory),
            Clock(services),
            services.GetRequiredService<ILogger<EmbeddedIdentity>>()));
    }

    /// <summary>Fills the journal slot with a SQLite file.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are validated when the host starts.</param>
    public static ISwarmPoolBuilder UseEmbeddedJournal(this ISwarmPoolBuilder builder, Action<EmbeddedJournalOptions>? configure = null)
    {
        AddOptions<EmbeddedJournalOptions, EmbeddedJournalOptionsValidator>(builder, configure);
        var baseDirectory = builder.BaseDirectory;
        return builder.Fill<IPoolJournal>("Embedded journal", services => new EmbeddedJournal(
            Path.GetFullPath(Options<EmbeddedJournalOptions>(services).Journal, baseDirectory),
            Clock(services),
            services.GetRequiredService<ILogger<EmbeddedJournal>>()));
    }

    /// <summary>
    /// Fills the slots that a configuration section asks for: all three, or those that its key <c>slots</c> lists of
    /// <c>transport</c>, <c>identity</c>, <c>journal</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section; its keys are those of the three options classes. A key that none of them has is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseEmbedded(this ISwarmPoolBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var slots = EmbeddedOptions.SlotsOf(section);
        AddOptions<EmbeddedOptions, EmbeddedOptionsValidator>(builder, options =>
        {
            options.Slots = slots;
            options.UnknownKeys = UnknownKeys(section);
        });
        if (slots.Contains(EmbeddedOptions.Transport, StringComparer.Ordinal))
        {
            builder.UseEmbeddedTransport(options => Bind(options, () => section.Bind(options)));
        }

        if (slots.Contains(EmbeddedOptions.Identity, StringComparer.Ordinal))
        {
            builder.UseEmbeddedIdentity(options => Bind(options, () => section.Bind(options)));
        }

        if (slots.Contains(EmbeddedOptions.Journal, StringComparer.Ordinal))
        {
            builder.UseEmbeddedJournal(options => Bind(options, () => section.Bind(options)));
        }

        return builder;
    }

    private static void AddOptions<TOptions, TValidator>(ISwarmPoolBuilder builder, Action<TOptions>? configure)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, TValidator>());
        var options = builder.Services.AddOptions<TOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }
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
            throw new OptionsValidationException(Microsoft.Extensions.Options.Options.DefaultName, options.GetType(), [fault.Message]);
        }
    }

    private static string[] UnknownKeys(IConfigurationSection section)
    {
        var known = new[] { typeof(EmbeddedTransportOptions), typeof(EmbeddedIdentityOptions), typeof(EmbeddedJournalOptions) }
            .SelectMany(static type => type.GetProperties())
            .Select(static property => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()!.Name)
            .Append("slots")
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. section.GetChildren().Select(static child => child.Key).Where(key => !known.Contains(key))];
    }

    private static TOptions Options<TOptions>(IServiceProvider services)
        where TOptions : class => services.GetRequiredService<IOptions<TOptions>>().Value;

    private static TimeProvider Clock(IServiceProvider services) => services.GetService<TimeProvider>() ?? TimeProvider.System;
}
