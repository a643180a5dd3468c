using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Plugins;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Plugins.Settlement7525;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Tests.Plugins;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Hosting;

/// <summary>Roles in hosts that exist already: several in one, each with slots and a signer of its own.</summary>
public sealed class RoleInstanceTests : IDisposable
{
    private readonly Cast cast = new();
    private readonly MemoryNet net = new();
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_client_in_a_generic_host_is_started_before_the_services_that_use_it()
    {
        await using var pool = new ScriptedPool(net, cast);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedService<SubmittingService>(); // Added before the client, and its start submits.
        builder.Services.AddSingleton(cast.SignerOf(Cast.Clinic));
        builder.Services.AddSwarmPoolClient(Settings(("client_ens", Cast.Clinic.Text)), OnNet);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        var job = await pool.ExpectAsync<JobSnapshot>();
        Assert.Equal(cast.SignerOf(Cast.Clinic).Address, SignerOf(job));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_client_in_a_web_application()
    {
        await using var pool = new ScriptedPool(net, cast);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IServer, NoServer>();
        builder.Configuration.AddInMemoryCollection([new("swarm:client_ens", Cast.Clinic.Text)]);
        builder.Services.AddSingleton(cast.SignerOf(Cast.Clinic));
        builder.Services.AddSwarmPoolClient(builder.Configuration.GetSection("swarm"), OnNet);
        await using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);

        var handle = await app.Services.GetRequiredService<PoolClient>().SubmitAsync(ClientStage.Spec, TestContext.Current.CancellationToken);
        Assert.Equal(handle.JobCid, (await pool.ExpectAsync<JobSnapshot>()).Cid);
        await app.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(JobFailedException.Stopped, (await Assert.ThrowsAsync<JobFailedException>(() => handle.Completion)).Reason);
    }

    [Fact]
    public async Task Clients_by_key_have_each_a_transport_a_key_and_options_of_its_own()
    {
        var far = new MemoryNet();
        await using var pool = new ScriptedPool(net, cast);
        await using var other = new ScriptedPool(far, cast);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
        [
            new("eu:client_ens", Cast.Clinic.Text), new("eu:client_private_key", KeyOf(Cast.Clinic)), new("eu:repeat_seconds", "7"),
            new("us:client_ens", Cast.Mallory.Text), new("us:client_private_key", KeyOf(Cast.Mallory)),
        ]);
        builder.Services
            .AddSwarmPoolClient("eu", builder.Configuration.GetSection("eu"), OnNet)
            .AddSwarmPoolClient("us", builder.Configuration.GetSection("us"), us => us.Fill<ITransport>("Far", _ => far.Join()).Fill<IIdentityProvider>("Cast", _ => cast))
            .Configure<ClientOptions>("us", o => o.RepeatSeconds = 9);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        var (eu, us) = (host.Services.GetRequiredKeyedService<PoolClient>("eu"), host.Services.GetRequiredKeyedService<PoolClient>("us"));
        await eu.SubmitAsync(ClientStage.Spec, TestContext.Current.CancellationToken);
        await us.SubmitAsync(ClientStage.Spec, TestContext.Current.CancellationToken);

        Assert.Equal(cast.SignerOf(Cast.Clinic).Address, SignerOf(await pool.ExpectAsync<JobSnapshot>()));
        Assert.Equal(cast.SignerOf(Cast.Mallory).Address, SignerOf(await other.ExpectAsync<JobSnapshot>()));
        Assert.All(pool.Heard, said => Assert.Equal(Cast.Clinic, said.Body.Signer));
        Assert.All(other.Heard, said => Assert.Equal(Cast.Mallory, said.Body.Signer));
        var options = host.Services.GetRequiredService<IOptionsMonitor<ClientOptions>>();
        Assert.Equal((7, 9), (options.Get("eu").RepeatSeconds, options.Get("us").RepeatSeconds));
        Assert.Null(host.Services.GetService<PoolClient>());
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_daemon_a_miner_and_a_client_in_one_host_sign_each_with_its_own_key()
    {
        var names = string.Join(",", new[] { Cast.Pool, Cast.Alice, Cast.Clinic }.Select(name => $$""" "{{name}}": { "accounts": ["{{cast.SignerOf(name).Address}}"] } """));
        await File.WriteAllTextAsync(folder.Combine("names.json"), $$"""{ "network": "local", "names": { {{names}} } }""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.Combine("pool.key"), KeyOf(Cast.Pool), TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.Combine("pool.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var hub = Guid.NewGuid().ToString("N");
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = folder.Path });
        builder.Services.AddKeyedSingleton("gpu0", cast.SignerOf(Cast.Alice));
        builder.Services
            .AddSwarmPoolDaemon(Settings(("operator_key_file", "pool.key"), ("state_seconds", "1")), pool => Local(pool).UseEmbeddedJournal().UseSettlement7525())
            .AddSwarmPoolMiner("gpu0", Settings(("miner_ens", Cast.Alice.Text)), pool => Local(pool).Fill<IInferenceBackend>("Fake", _ => new FakeBackend("queenbee-spine")))
            .AddSwarmPoolClient(Settings(("client_ens", Cast.Clinic.Text), ("client_private_key", KeyOf(Cast.Clinic))), pool => Local(pool));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        // That the job is done says it: the pool takes nothing that another's key has signed, nor does the client.
        var job = await host.Services.GetRequiredService<PoolClient>().SubmitAsync(ClientStage.Spec, TestContext.Current.CancellationToken);
        Assert.Equal(Cast.Alice, (await job.Completion.WaitAsync(Patience.Long, TestContext.Current.CancellationToken)).Miner);
        await host.Services.GetRequiredService<DaemonControl>().EndEpochAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);

        ISwarmPoolBuilder Local(ISwarmPoolBuilder pool) => pool
            .UseEmbeddedTransport(o => (o.Transport, o.Hub, o.Blocks) = (EmbeddedTransportKind.Hub, hub, "blocks"))
            .UseEmbeddedIdentity();
    }

    [Fact]
    public async Task All_that_is_wrong_with_all_of_them_is_said_at_once_and_nothing_starts()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services
            .AddSwarmPoolClient("eu", Settings(("client_ens", "clinic"), ("repeat_seconds", "soon"), ("max_jobs_under_way", "0"), ("client_private_key", KeyOf(Cast.Clinic))), OnNet)
            .AddSwarmPoolClient("us", Settings(("client_ens", Cast.Clinic.Text)), pool => pool.Fill<ITransport>("Memory", _ => throw new InvalidOperationException("must not be made")))
            .AddSwarmPoolMiner(Settings(("miner_ens", Cast.Alice.Text), ("miner_key_file", "none.key"), ("plugins:use:None", "")));
        using var host = builder.Build();

        var problems = StartupErrors.Describe(await Assert.ThrowsAsync<SwarmPoolException>(() => host.StartAsync(TestContext.Current.CancellationToken)));

        Assert.Collection(
            problems,
            line => Assert.StartsWith("SP1001: client \"eu\": client_ens: ", line, StringComparison.Ordinal),
            line => Assert.Equal("SP1001: client \"eu\": max_jobs_under_way must be between 1 and 1000000, not 0", line),
            line => Assert.StartsWith("SP1001: client \"eu\": repeat_seconds: ", line, StringComparison.Ordinal),
            line => Assert.StartsWith("SP1104: client \"us\": The identity slot is empty", line, StringComparison.Ordinal),
            line => Assert.StartsWith("SP1201: client \"us\": There is no key for the client clinic.clientswarm.eth", line, StringComparison.Ordinal),
            line => Assert.StartsWith("SP1101: plugins:use names the plugin None", line, StringComparison.Ordinal),
            line => Assert.StartsWith("SP1201: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_keys_for_one_role_are_an_error_and_none_is_chosen()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(cast.SignerOf(Cast.Mallory));
        builder.Services.AddSwarmPoolClient(Settings(("client_ens", Cast.Clinic.Text), ("client_private_key", KeyOf(Cast.Clinic))), OnNet);
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.KeyInvalid, refused.Code);
        Assert.Contains("an ISigner among the services, a key from the environment", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_start_before_and_stop_after_all_else_in_reverse_order_and_what_they_own_is_disposed()
    {
        List<string> story = [];
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IHostedService>(new RecordingRole(story));
        foreach (var key in new[] { "a", "b" })
        {
            builder.Services.AddSwarmPoolClient(key, Settings(("client_ens", Cast.Clinic.Text), ("client_private_key", KeyOf(Cast.Clinic))), pool =>
            {
                OnNet(pool);
                pool.Services.AddSingleton<IHostedService>(new NamedService(key, story));
                pool.Services.AddSingleton<IHostedService>(_ => new NamedService(key + "2", story));
            });
        }

        using (var host = builder.Build())
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            _ = host.Services.GetRequiredKeyedService<PoolClient>("a"); // Two containers dispose of it.
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(
            ["a starts", "a2 starts", "b starts", "b2 starts", "role starts", "role stops", "b2 stops", "b stops", "a2 stops", "a stops", "b2 disposed", "a2 disposed"], story);
    }

    [Fact]
    public async Task One_that_can_not_start_stops_those_before_it()
    {
        List<string> story = [];
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSwarmPoolClient("a", Settings(("client_ens", Cast.Clinic.Text), ("client_private_key", KeyOf(Cast.Clinic))), pool =>
        {
            OnNet(pool);
            pool.Services.AddSingleton<IHostedService>(_ => new NamedService("a", story));
        });
        builder.Services.AddSwarmPoolClient("b", Settings(("client_ens", Cast.Clinic.Text), ("client_private_key", KeyOf(Cast.Mallory))), OnNet);
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.KeyNotOfName, refused.Code);
        Assert.Equal(["a starts", "a stops"], story);
        Assert.False(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task One_that_ends_by_itself_stops_the_host_and_the_hosts_stop_throws_why()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSwarmPoolClient(Settings(("client_ens", Cast.Clinic.Text), ("client_private_key", KeyOf(Cast.Clinic))), pool =>
        {
            OnNet(pool);
            pool.Services.AddSingleton<IHostedService>(p => new NamedService("a", [], p.GetRequiredService<IHostApplicationLifetime>()));
        });
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.True(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.WaitHandle.WaitOne(Patience.Long));
        Assert.Contains("a ended", (await Assert.ThrowsAsync<InvalidOperationException>(() => host.StopAsync(TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_one_needs_another_key()
    {
        var services = new ServiceCollection();
        services.AddSwarmPoolClient(Settings()).AddSwarmPoolClient("eu", Settings()).AddSwarmPoolMiner("eu", Settings());

        Assert.Throws<InvalidOperationException>(() => services.AddSwarmPoolClient(Settings()));
        Assert.Throws<InvalidOperationException>(() => services.AddSwarmPoolClient("eu", Settings()));
        var builder = SwarmPoolBuilder.Create().AddMiner();
        Assert.Contains("services.AddSwarmPoolMiner(key, configuration)", Assert.Throws<InvalidOperationException>(() => builder.AddMiner()).Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();

    private static string KeyOf(EnsName name) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name.Text)));

    private static EthAddress SignerOf(SignedSnapshot signed) =>
        SnapshotSignature.TryRecover(signed, SignatureEngines.Best, out var address, out _) ? address : throw new InvalidOperationException("It is not signed.");

    private void OnNet(ISwarmPoolBuilder pool) =>
        pool.Fill<ITransport>("Memory transport", _ => net.Join()).Fill<IIdentityProvider>("Cast", _ => cast);

    private sealed class SubmittingService(PoolClient client) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken) => await client.SubmitAsync(ClientStage.Spec, cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class NamedService(string name, List<string> story, IHostApplicationLifetime? ends = null) : IHostedService, IDisposable
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            story.Add($"{name} starts");
            ends?.ApplicationStarted.Register(ends.StopApplication);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            story.Add($"{name} stops");
            return ends is null ? Task.CompletedTask : throw new InvalidOperationException($"{name} ended by itself.");
        }

        public void Dispose() => story.Add($"{name} disposed");
    }

    private sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
