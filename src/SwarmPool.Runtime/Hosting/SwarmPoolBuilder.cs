using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Containment;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// Composes a daemon, a miner or a client into an <see cref="IHost"/> of its own: fill the slots in code (<c>builder.UseX()</c>) or
/// from plugin folders (<c>builder.UsePlugins()</c>), add the roles, build. Into a host that exists already,
/// <see cref="SwarmPoolServiceCollectionExtensions"/> composes them the same way.
/// </summary>
/// <remarks>
/// Not thread-safe; good for one host. Nothing is logged unless the program adds a provider through <see cref="Logging"/>.
/// A <see cref="TimeProvider"/> or <see cref="SwarmPoolSchedulers"/> among the services replaces the default one.
/// </remarks>
public sealed class SwarmPoolBuilder : ISwarmPoolBuilder, IRegistrationScope
{
    private readonly HostApplicationBuilder host;
    private readonly Slots slots = new();
    private string? registering;

    private SwarmPoolBuilder(IConfiguration? configuration, string? baseDirectory)
    {
        host = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "SwarmPool" });
        if (configuration is not null)
        {
            host.Configuration.AddConfiguration(configuration);
        }

        BaseDirectory = Path.GetFullPath(baseDirectory ?? Directory.GetCurrentDirectory());
    }

    /// <inheritdoc/>
    public IServiceCollection Services => host.Services;

    /// <summary>The host's configuration; sources added here count for what is composed afterwards.</summary>
    public ConfigurationManager Configuration => host.Configuration;

    IConfiguration ISwarmPoolBuilder.Configuration => host.Configuration;

    /// <summary>The host's logging; empty until the program adds a provider.</summary>
    public ILoggingBuilder Logging => host.Logging;

    /// <inheritdoc/>
    public string BaseDirectory { get; }

    string? IRegistrationScope.Registering
    {
        set => registering = value;
    }

    /// <summary>Starts a composition from configuration that the program made.</summary>
    /// <param name="configuration">The configuration; null for an empty one.</param>
    /// <param name="baseDirectory">What relative paths are relative to; null for the current directory.</param>
    public static SwarmPoolBuilder Create(IConfiguration? configuration = null, string? baseDirectory = null) =>
        new(configuration, baseDirectory);

    /// <summary>
    /// Starts a composition from a JSON file. Environment variables win over the file (<c>PREFIX_pool__name</c> for
    /// <c>pool:name</c>), <paramref name="overrides"/> over both. Relative paths are relative to the file's folder.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="environmentPrefix">The prefix of the environment variables that count; null for none. The default is "SWARMPOOL_".</param>
    /// <param name="overrides">Keys such as "pool:name" with their values; may be null.</param>
    /// <exception cref="SwarmPoolException">The file is missing (SP1002) or can't be read (SP1001).</exception>
    public static SwarmPoolBuilder CreateFromFile(
        string path, string? environmentPrefix = "SWARMPOOL_", IEnumerable<KeyValuePair<string, string?>>? overrides = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = Path.GetFullPath(path);
        return new(ConfigurationFile.Read(full, environmentPrefix, overrides), Path.GetDirectoryName(full));
    }

    /// <inheritdoc/>
    /// <exception cref="SwarmPoolException">The slot is filled already (SP1103).</exception>
    /// <exception cref="ArgumentException"><typeparamref name="TSlot"/> is no slot.</exception>
    public ISwarmPoolBuilder Fill<TSlot>(string filledBy, Func<IServiceProvider, TSlot> factory)
        where TSlot : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(filledBy);
        ArgumentNullException.ThrowIfNull(factory);
        var filling = slots.Fill(typeof(TSlot), filledBy, registering);
        Services.AddSingleton(filling);
        Services.AddSingleton(services => SlotFactory.Make(filling, factory, services));
        return this;
    }

    /// <summary>States that a slot must be filled; <see cref="Build"/> reports all that are not.</summary>
    /// <typeparam name="TSlot">The slot's contract.</typeparam>
    /// <param name="neededBy">Who needs it, for the message: "the daemon".</param>
    /// <exception cref="ArgumentException"><typeparamref name="TSlot"/> is no slot.</exception>
    public SwarmPoolBuilder Require<TSlot>(string neededBy)
        where TSlot : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(neededBy);
        slots.Require(typeof(TSlot), neededBy);
        return this;
    }

    /// <summary>
    /// Makes the host. Empty slots (SP1104), options that fail their <c>ValidateOnStart</c> (SP1001) and keys that are missing or can't be
    /// read (SP1201 to SP1203) are reported here, all at once; <see cref="StartupErrors.Describe"/> lists them.
    /// </summary>
    /// <exception cref="SwarmPoolException">Something is missing or invalid; nothing has been started.</exception>
    public IHost Build()
    {
        var problems = new Problems();
        CheckSlots(problems);
        var built = BuildAndCheck(problems);
        try
        {
            problems.ThrowIfAny();
        }
        catch
        {
            built.Dispose();
            throw;
        }

        return built;
    }

    /// <summary>Makes the host and adds what is wrong with options and keys; for the caller to dispose of in any case.</summary>
    internal IHost BuildAndCheck(Problems problems)
    {
        Services.TryAddSingleton(TimeProvider.System);
        Services.TryAddSingleton(SwarmPoolSchedulers.ThreadPool);
        Services.TryAddSingleton(PluginSecrets.Of(Configuration));
        Services.TryAddSingleton<PluginFaults>();
        Services.TryAddSingleton(new CompositionPlace(Configuration, BaseDirectory));
        Services.TryAddSingleton<Waits>();
        RedactingLoggerFactory.Guard(Services);
        if (slots.IsFilledAndRequired(typeof(ITransport)))
        {
            Services.TryAddSingleton<TransportConnector>();
            Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, TransportStarter>());
            Services.AddHostedService<LinkWatchService>();
        }

        Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, CompositionReport>());
        var built = host.Build();
        try
        {
            Validate(built, problems);
            return built;
        }
        catch
        {
            built.Dispose();
            throw;
        }
    }

    /// <summary>Adds what slots are empty.</summary>
    internal void CheckSlots(Problems problems) => slots.CheckRequired(problems, PluginDiscovery.FoldersAtHand(Configuration, BaseDirectory));

    // The host itself makes every hosted service before it validates options, so the first service that reads invalid
    // options would hide all other problems. Validating here shows them together.
    private static void Validate(IHost built, Problems problems)
    {
        try
        {
            built.Services.GetService<IStartupValidator>()?.Validate();
        }
        catch (Exception invalid)
        {
            problems.Add(Clean(invalid, built.Services.GetRequiredService<Redactor>()));
        }

        foreach (var role in built.Services.GetServices<RoleCheck>())
        {
            role.Check(problems);
        }
    }

    private static Exception Clean(Exception invalid, Redactor secrets) => invalid switch
    {
        AggregateException all => new AggregateException(all.InnerExceptions.Select(one => Clean(one, secrets))),
        OptionsValidationException options => new OptionsValidationException(options.OptionsName, options.OptionsType, [.. options.Failures.Select(secrets.Clean)]),
        _ => PluginSecrets.Clean(secrets, invalid),
    };
}
