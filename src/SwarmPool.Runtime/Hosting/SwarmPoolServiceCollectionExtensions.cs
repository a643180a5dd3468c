using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Plugins;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Miner;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// Puts clients, miners and daemons into a host that exists: a generic host, a web application, a test's. Each is an instance with slots,
/// plugins and a signer of its own; the host's clock, logs, meters and <see cref="Scheduling.SwarmPoolSchedulers"/> are shared.
/// </summary>
/// <remarks>
/// <para>Slots are filled by the plugins that the configuration names under <c>plugins:use</c> and by <c>compose</c>. Relative paths are
/// relative to the host's content root. Options are named by the key: <c>services.Configure&lt;ClientOptions&gt;("eu", o => …)</c>.</para>
/// <para>An instance signs with an <see cref="ISigner"/> that is registered by its key, or for all without a key, else with the key that its
/// own options name. Both at once is an SP1202.</para>
/// <para>A client connects in the background: its host starts while its pool is away, and what is submitted meanwhile waits
/// (<see cref="ClientOptions.ConnectSeconds"/>). See <see cref="PoolClient.Connection"/> and
/// <see cref="SwarmPoolHealthChecksBuilderExtensions.AddSwarmPoolClient"/>.</para>
/// <para>All instances start before any other service of the host does and stop after all of them. What is wrong with any of them (slots,
/// options, keys, plugins) is thrown by the host's start, all at once; <see cref="Errors.StartupErrors.Describe"/> lists it.</para>
/// </remarks>
public static class SwarmPoolServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="PoolClient"/>, available from the services. It needs the slots transport and identity.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The client's configuration, as in swarm-client.json.</param>
    /// <param name="compose">Fills slots in code (<c>pool.UseX()</c>) and registers what is this client's alone; may be null.</param>
    /// <exception cref="InvalidOperationException">There is a client without a key already.</exception>
    public static IServiceCollection AddSwarmPoolClient(this IServiceCollection services, IConfiguration configuration, Action<ISwarmPoolBuilder>? compose = null)
    {
        var instance = Add<ClientOptions, ClientOptionsValidator>(services, Options.DefaultName, ClientRole.Key, ClientRole.AddInBackgroundTo, configuration, compose);
        return services.AddSingleton(p => instance.Get<PoolClient>(p));
    }

    /// <summary>Adds one of several clients, available by its key: <c>GetRequiredKeyedService&lt;PoolClient&gt;("eu")</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The client's key and its options' name, e.g. "eu".</param>
    /// <param name="configuration">The client's configuration: <c>configuration.GetSection("eu")</c>.</param>
    /// <param name="compose">Fills slots in code (<c>pool.UseX()</c>) and registers what is this client's alone; may be null.</param>
    /// <exception cref="InvalidOperationException">There is a client of that key already.</exception>
    public static IServiceCollection AddSwarmPoolClient(this IServiceCollection services, string key, IConfiguration configuration, Action<ISwarmPoolBuilder>? compose = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var instance = Add<ClientOptions, ClientOptionsValidator>(services, key, ClientRole.Key, ClientRole.AddInBackgroundTo, configuration, compose);
        return services.AddKeyedSingleton(key, (p, _) => instance.Get<PoolClient>(p));
    }

    /// <summary>
    /// Adds a client in place of the one of that key, whatever that was configured to: for a test of a program that is to talk to another
    /// pool. Call it after the program has added its own. Where there is none it adds one.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The client's key; null for the client without one.</param>
    /// <param name="configuration">The client's configuration; what it does not name stays as the program has it.</param>
    /// <param name="compose">Fills slots in code; may be null.</param>
    public static IServiceCollection ReplaceSwarmPoolClient(this IServiceCollection services, string? key, IConfiguration configuration, Action<ISwarmPoolBuilder>? compose = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        RoleInstances.Remove(services, ClientRole.Key, key ?? Options.DefaultName);
        return string.IsNullOrEmpty(key) ? services.AddSwarmPoolClient(configuration, compose) : services.AddSwarmPoolClient(key, configuration, compose);
    }

    /// <summary>Adds a miner. It needs the slots transport, identity and inference backend.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The miner's configuration, as in swarm-miner.json.</param>
    /// <param name="compose">Fills slots in code (<c>pool.UseX()</c>) and registers what is this miner's alone, e.g. an <see cref="IMinerObserver"/>; may be null.</param>
    /// <exception cref="InvalidOperationException">There is a miner without a key already.</exception>
    public static IServiceCollection AddSwarmPoolMiner(this IServiceCollection services, IConfiguration configuration, Action<ISwarmPoolBuilder>? compose = null)
    {
        Add<MinerOptions, MinerOptionsValidator>(services, Options.DefaultName, MinerRole.Key, MinerRole.AddTo, configuration, compose);
        return services;
    }

    /// <summary>Adds one of several miners.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The key of the miner's signer and its options' name, e.g. "gpu0".</param>
    /// <param name="configuration">The miner's configuration: <c>configuration.GetSection("gpu0")</c>.</param>
    /// <param name="compose">Fills slots in code (<c>pool.UseX()</c>) and registers what is this miner's alone, e.g. an <see cref="IMinerObserver"/>; may be null.</param>
    /// <exception cref="InvalidOperationException">There is a miner of that key already.</exception>
    public static IServiceCollection AddSwarmPoolMiner(this IServiceCollection services, string key, IConfiguration configuration, Action<ISwarmPoolBuilder>? compose = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        Add<MinerOptions, MinerOptionsValidator>(services, key, MinerRole.Key, MinerRole.AddTo, configuration, compose);
        return services;
    }

    /// <summary>
    /// Adds a daemon; its <see cref="DaemonControl"/> is available from the services. It needs the slots transport, identity, journal and
    /// settlement policy; a proof verifier is taken when there is one.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The daemon's configuration, as in swarmpool.json.</param>
    /// <param name="compose">Fills slots in code (<c>pool.UseX()</c>) and registers what is this daemon's alone; may be null.</param>
    /// <exception cref="InvalidOperationException">There is a daemon without a key already.</exception>
    public static IServiceCollection AddSwarmPoolDaemon(this IServiceCollection services, IConfiguration configuration, Action<ISwarmPoolBuilder>? compose = null)
    {
        var instance = Add<DaemonOptions, DaemonOptionsValidator>(services, Options.DefaultName, DaemonRole.Key, DaemonRole.AddTo, configuration, compose);
        return services.AddSingleton(p => instance.Get<DaemonControl>(p));
    }

    /// <summary>Adds one of several daemons, whose <see cref="DaemonControl"/> is available by its key.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The daemon's key and its options' name, e.g. "eu".</param>
    /// <param name="configuration">The daemon's configuration: <c>configuration.GetSection("eu")</c>.</param>
    /// <param name="compose">Fills slots in code (<c>pool.UseX()</c>) and registers what is this daemon's alone; may be null.</param>
    /// <exception cref="InvalidOperationException">There is a daemon of that key already.</exception>
    public static IServiceCollection AddSwarmPoolDaemon(this IServiceCollection services, string key, IConfiguration configuration, Action<ISwarmPoolBuilder>? compose = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var instance = Add<DaemonOptions, DaemonOptionsValidator>(services, key, DaemonRole.Key, DaemonRole.AddTo, configuration, compose);
        return services.AddKeyedSingleton(key, (p, _) => instance.Get<DaemonControl>(p));
    }

    private static RoleInstance Add<TOptions, TValidator>(
        IServiceCollection services, string key, string role, Action<SwarmPoolBuilder> addRole, IConfiguration configuration, Action<ISwarmPoolBuilder>? compose)
        where TOptions : class, Roles.IRoleOptions, new()
        where TValidator : class, IValidateOptions<TOptions>
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        var instance = new RoleInstance(role, key, configuration, (builder, host) =>
        {
            builder.Services.AddSingleton(new NamedOptions<TOptions>(host, key));
            compose?.Invoke(builder);
            addRole(builder);
        });
        RoleOptions.Add<TOptions, TValidator>(services, key, configuration);
        RoleInstances.Add(services, instance);
        return instance;
    }
}
