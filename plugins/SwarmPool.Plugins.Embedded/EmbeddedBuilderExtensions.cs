using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Plugins.Embedded.Identity;
using SwarmPool.Plugins.Embedded.Journal;
using SwarmPool.Plugins.Embedded.Transport;
using SwarmPool.Plugins.Embedded.Transport.Mqtt;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded;

/// <summary>Fills slots with what one machine has: no service to install.</summary>
public static class EmbeddedBuilderExtensions
{
    private static readonly SectionSlot[] Slots =
    [
        new("transport", typeof(EmbeddedTransportOptions), static (builder, section) => builder
            .AddSlotOptions<EmbeddedTransportOptions, EmbeddedTransportOptionsCheck>(section, static (from, options) => from.Bind(options))
            .FillTransport()),
        new("identity", typeof(EmbeddedIdentityOptions), static (builder, section) => builder
            .AddSlotOptions<EmbeddedIdentityOptions, EmbeddedIdentityOptionsCheck>(section, static (from, options) => from.Bind(options))
            .FillIdentity()),
        new("journal", typeof(EmbeddedJournalOptions), static (builder, section) => builder
            .AddSlotOptions<EmbeddedJournalOptions, EmbeddedJournalOptionsCheck>(section, static (from, options) => from.Bind(options))
            .FillJournal()),
    ];

    /// <summary>Fills the transport slot: MQTT (the default) or an in-process hub, contents in a folder.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are validated when the host starts.</param>
    public static ISwarmPoolBuilder UseEmbeddedTransport(this ISwarmPoolBuilder builder, Action<EmbeddedTransportOptions>? configure = null) =>
        builder.AddSlotOptions<EmbeddedTransportOptions, EmbeddedTransportOptionsCheck>(configure).FillTransport();

    /// <summary>Fills the identity slot from a names file; the network is "local".</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are validated when the host starts.</param>
    public static ISwarmPoolBuilder UseEmbeddedIdentity(this ISwarmPoolBuilder builder, Action<EmbeddedIdentityOptions>? configure = null) =>
        builder.AddSlotOptions<EmbeddedIdentityOptions, EmbeddedIdentityOptionsCheck>(configure).FillIdentity();

    /// <summary>Fills the journal slot with a SQLite file.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options; they are validated when the host starts.</param>
    public static ISwarmPoolBuilder UseEmbeddedJournal(this ISwarmPoolBuilder builder, Action<EmbeddedJournalOptions>? configure = null) =>
        builder.AddSlotOptions<EmbeddedJournalOptions, EmbeddedJournalOptionsCheck>(configure).FillJournal();

    /// <summary>
    /// Fills the slots that a configuration section asks for: all three, or those that its key <c>slots</c> lists of
    /// <c>transport</c>, <c>identity</c>, <c>journal</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The section; its keys are those of the three options classes. A key that none of them has is an error when the host starts.</param>
    public static ISwarmPoolBuilder UseEmbedded(this ISwarmPoolBuilder builder, IConfigurationSection section) => builder.FillSlots(section, Slots);

    private static ISwarmPoolBuilder FillTransport(this ISwarmPoolBuilder builder)
    {
        var baseDirectory = builder.BaseDirectory;
        return builder.Fill<ITransport>("Embedded transport", services => TransportFactory.Create(
            Options<EmbeddedTransportOptions>(services),
            baseDirectory,
            Clock(services),
            services.GetRequiredService<ILogger<MqttTransport>>()));
    }

    private static ISwarmPoolBuilder FillIdentity(this ISwarmPoolBuilder builder)
    {
        var baseDirectory = builder.BaseDirectory;
        return builder.Fill<IIdentityProvider>("Embedded identity", services => new EmbeddedIdentity(
            Path.GetFullPath(Options<EmbeddedIdentityOptions>(services).Names, baseDirectory),
            Clock(services),
            services.GetRequiredService<ILogger<EmbeddedIdentity>>()));
    }

    private static ISwarmPoolBuilder FillJournal(this ISwarmPoolBuilder builder)
    {
        var baseDirectory = builder.BaseDirectory;
        return builder.Fill<IPoolJournal>("Embedded journal", services => new EmbeddedJournal(
            Path.GetFullPath(Options<EmbeddedJournalOptions>(services).Journal, baseDirectory),
            Clock(services),
            services.GetRequiredService<ILogger<EmbeddedJournal>>()));
    }

    private static TOptions Options<TOptions>(IServiceProvider services)
        where TOptions : class => services.GetRequiredService<IOptions<TOptions>>().Value;

    private static TimeProvider Clock(IServiceProvider services) => services.GetService<TimeProvider>() ?? TimeProvider.System;
}
