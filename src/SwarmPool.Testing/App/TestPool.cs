using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Plugins;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Plugins.Settlement7525;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Miner;

namespace SwarmPool.Testing.App;

/// <summary>
/// A whole pool for the test of a program that uses one: a daemon, miners whose models are functions, names, keys, and the 75/25 rule, in this
/// process and without a port. <see cref="ConfigureClient"/> lets the program's own client talk to it.
/// </summary>
/// <remarks>Thread-safe. Any number may run beside each other; each has a temporary folder, which goes with it.</remarks>
public sealed class TestPool : IAsyncDisposable
{
    private readonly TestPoolFolder folder;
    private readonly TestPoolWatch watch;
    private readonly IHost host;

    private TestPool(TestPoolFolder folder, TestPoolWatch watch, IHost host)
    {
        this.folder = folder;
        this.watch = watch;
        this.host = host;
    }

    /// <summary>The pool's name: "swarmpool.eth".</summary>
    public static EnsName Name { get; } = EnsName.Parse("swarmpool.eth");

    /// <summary>The name that the program's client has here: "app.clientswarm.eth".</summary>
    public static EnsName Client { get; } = EnsName.Parse("app.clientswarm.eth");

    /// <summary>The name of a miner: "miner.1.eth", "miner.2.eth" and so on.</summary>
    /// <param name="number">Which, from 1.</param>
    public static EnsName Miner(int number) => EnsName.Parse($"miner.{number}.eth");

    /// <summary>Starts a pool. It takes jobs when this completes: its miners are registered.</summary>
    /// <param name="configure">Adds models, says how many miners; null, the default, for one miner with the model "echo".</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of miners is not between 1 and 16.</exception>
    public static async Task<TestPool> StartAsync(Action<TestPoolOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var options = new TestPoolOptions();
        configure?.Invoke(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Miners, 1, nameof(configure));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Miners, 16, nameof(configure));
        if (options.Models.Count == 0)
        {
            options.AddModel("echo", static input => input);
        }

        var (folder, watch) = (new TestPoolFolder(), new TestPoolWatch(options.Miners));
        var pool = new TestPool(folder, watch, Build(options, folder, watch));
        try
        {
            await pool.host.StartAsync(cancellationToken);
            await watch.AllJoined.WaitAsync(cancellationToken);
            return pool;
        }
        catch
        {
            await pool.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Lets a program's client talk to this pool, in place of what the program has configured. Call it after the program has added its own:
    /// in a <c>WebApplicationFactory</c>'s <c>ConfigureTestServices</c>, or before a host is built.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="key">The client's key; null, the default, for the client without one.</param>
    /// <returns>The same services.</returns>
    public IServiceCollection ConfigureClient(IServiceCollection services, string? key = null) => services.ReplaceSwarmPoolClient(
        key, Settings(("client_ens", Client.Text), ("client_private_key", TestPoolFolder.KeyOf(Client)), ("pool_ens", Name.Text), ("delegation_file", "")), pool => Join(pool, folder));

    /// <summary>Ends the open epoch and waits until it is settled, sealed and published.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The epoch, with who is paid how much.</returns>
    /// <exception cref="InvalidOperationException">It can't be settled; the message says why.</exception>
    public async Task<TestEpoch> EndEpochAsync(CancellationToken cancellationToken = default)
    {
        await host.Services.GetRequiredService<DaemonControl>().EndEpochAsync(cancellationToken);
        return await watch.NextAsync(cancellationToken);
    }

    /// <summary>Ends the pool and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await host.StopAsync();
        }
        finally
        {
            host.Dispose();
            folder.Dispose();
        }
    }

    private static IHost Build(TestPoolOptions options, TestPoolFolder folder, TestPoolWatch watch)
    {
        var miners = Enumerable.Range(1, options.Miners).Select(Miner).ToList();
        folder.Write([Name, Client, .. miners]);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = folder.Root });
        builder.Services.AddSingleton(options.Time);

        // Epochs end by call alone, no job waits for the miner that a client knows, and a model that throws fails its job at once.
        builder.Services.AddSwarmPoolDaemon(
            Settings(("pool_ens", Name.Text), ("operator_private_key", TestPoolFolder.KeyOf(Name)), ("epoch_duration_seconds", "604800"), ("state_seconds", "1"), ("head_start_seconds", "0"), ("max_attempts", "1")),
            pool =>
            {
                Join(pool, folder).UseEmbeddedJournal().UseSettlement7525();
                pool.Services.AddSingleton<IDaemonObserver>(watch);
            });
        foreach (var miner in miners)
        {
            builder.Services.AddSwarmPoolMiner(
                miner.Text,
                Settings(("miner_ens", miner.Text), ("pool_ens", Name.Text), ("miner_private_key", TestPoolFolder.KeyOf(miner)), ("drain_seconds", "0")),
                pool => UseBackend(Join(pool, folder), options));
            builder.Services.Configure<MinerOptions>(miner.Text, configured => options.ConfigureMiner?.Invoke(configured));
        }

        return builder.Build();
    }

    private static void UseBackend(ISwarmPoolBuilder pool, TestPoolOptions options)
    {
        if (options.Backend is { } fill)
        {
            fill(pool);
        }
        else
        {
            pool.Fill<IInferenceBackend>("Test models", _ => new TestBackend(options.Models));
        }
    }

    private static ISwarmPoolBuilder Join(ISwarmPoolBuilder pool, TestPoolFolder folder) => pool
        .UseEmbeddedTransport(o => (o.Transport, o.Hub, o.Blocks) = (EmbeddedTransportKind.Hub, folder.Root, Path.Combine(folder.Root, "blocks")))
        .UseEmbeddedIdentity(o => o.Names = folder.Names);

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
}
