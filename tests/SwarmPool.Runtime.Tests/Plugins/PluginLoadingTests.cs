using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Plugins;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Generation;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Transport;
using SwarmPool.Verification;
using static SwarmPool.Runtime.Tests.Plugins.PluginHost;

namespace SwarmPool.Runtime.Tests.Plugins;

/// <summary>What works inside a plugin that was loaded from its folder.</summary>
public sealed class PluginLoadingTests
{
    [Fact]
    public void A_plugin_fills_its_slot_on_its_own_version_of_a_library()
    {
        var builder = Using(Good);
        builder.UsePlugins(new PluginCatalog());
        using var host = builder.Build();

        Assert.Equal(13, typeof(Newtonsoft.Json.JsonConvert).Assembly.GetName().Version?.Major);
        Assert.Equal("json 12", host.Services.GetRequiredService<ISettlementPolicy>().Name);

        var plugin = Assert.Single(host.Services.GetServices<LoadedPlugin>());
        Assert.Equal((Good, "0.1.0", Path.Combine(Folder, Good, Good + ".dll")), (plugin.Name, plugin.Version, plugin.Path));
    }

    [Fact]
    public async Task Hosted_services_options_loggers_and_meters_of_a_plugin_work()
    {
        using var folder = new TemporaryFolder();
        var marker = folder.Combine("marker");
        var lines = new LineLoggerProvider();
        var builder = Builder($$"""{ "plugins": { "use": { "{{Good}}": { "share_percent": 80, "marker_file": "{{marker}}" } } } }""");
        builder.Logging.AddProvider(lines);
        builder.UsePlugins(new PluginCatalog());

        var starts = 0;
        using var listener = new MeterListener();
        using (var host = builder.Build())
        {
            var meters = host.Services.GetRequiredService<IMeterFactory>();
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "good.starts" && instrument.Meter.Scope == meters)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<int>((_, _, _, _) => starts++);
            listener.Start();
            await host.StartAsync(TestContext.Current.CancellationToken);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, starts);
        Assert.Equal("started", await File.ReadAllTextAsync(marker, TestContext.Current.CancellationToken));
        Assert.Contains("The good plugin's service starts with 80 percent", lines.Lines);
        Assert.Contains($"Plugin {Good} 0.1.0 loaded from {Path.Combine(Folder, Good, Good + ".dll")}", lines.Lines);
        Assert.Contains("The settlement policy slot is filled by Good settlement", lines.Lines);
    }

    [Fact]
    public void Options_of_a_plugin_are_validated_before_anything_starts()
    {
        var builder = Builder($$"""{ "plugins": { "use": { "{{Good}}": { "share_percent": 101 } } } }""");
        builder.UsePlugins(new PluginCatalog());

        var problems = StartupErrors.Describe(Assert.Throws<SwarmPoolException>(() => builder.Build()));

        Assert.Equal(["SP1001: share_percent must be 0 to 100."], problems);
    }

    [Fact]
    public void Builders_with_one_catalog_share_a_plugins_statics_and_others_do_not()
    {
        var catalog = new PluginCatalog();
        using var first = Compose(catalog);
        using var second = Compose(catalog);
        using var apart = Compose(new PluginCatalog());

        Assert.Equal("1", first.Services.GetRequiredService<ISettlementPolicy>().Version);
        Assert.Equal("2", second.Services.GetRequiredService<ISettlementPolicy>().Version);
        Assert.Equal("1", apart.Services.GetRequiredService<ISettlementPolicy>().Version);
    }

    [Fact]
    public void A_folder_and_code_make_the_same_registrations()
    {
        var catalog = new PluginCatalog();
        var byFolder = Using(Good);
        byFolder.UsePlugins(catalog);

        var byCode = SwarmPoolBuilder.Create();
        var use = catalog.Load(Path.Combine(Folder, Good, Good + ".dll"))
            .GetType("TestPlugins.Good.GoodBuilderExtensions", throwOnError: true)!
            .GetMethod("UseGood")!
            .CreateDelegate<Func<ISwarmPoolBuilder, IConfiguration, ISwarmPoolBuilder>>();
        use(byCode, new ConfigurationBuilder().Build());

        var empty = SwarmPoolBuilder.Create().Services.Count;
        Assert.Equal(Registrations(byCode, empty), Registrations(byFolder, empty).Where(one => !one.Contains(nameof(LoadedPlugin), StringComparison.Ordinal)));
        Assert.NotEmpty(Registrations(byCode, empty));
    }

    [Fact]
    public void Two_plugins_run_on_two_major_versions_of_one_library_beside_the_hosts_own()
    {
        var builder = Using("TestPlugins.OtherMajor", Good);
        builder.UsePlugins(new PluginCatalog());
        using var host = builder.Build();

        Assert.Equal("json 12", host.Services.GetRequiredService<ISettlementPolicy>().Name);
        Assert.Equal("json 13 of TestPlugins.OtherMajor", host.Services.GetRequiredService<IProofVerifier>().Name);
        Assert.Equal(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), Path.GetDirectoryName(typeof(Newtonsoft.Json.JsonConvert).Assembly.Location));
    }

    [Fact]
    public void Plugins_of_one_folder_are_loaded_in_the_order_of_their_names()
    {
        string[] plugins = ["TestPlugins.OtherMajor", Good, "TestPlugins.Derived"];
        foreach (var order in new[] { plugins, [.. plugins.Reverse()] })
        {
            var builder = Using(order);
            builder.UsePlugins(new PluginCatalog());
            using var host = builder.Build();

            Assert.Equal(plugins.Order(StringComparer.OrdinalIgnoreCase), host.Services.GetServices<LoadedPlugin>().Select(plugin => plugin.Name));
        }
    }

    [Fact]
    public async Task A_plugin_built_against_older_contracts_settles_under_todays()
    {
        var builder = Using("TestPlugins.OnOlder");
        builder.UsePlugins(new PluginCatalog());
        using var host = builder.Build();
        var ledger = Ledgers.Of(("alice", 3), ("bob", 4));

        var verdict = await PolicySettlement.SettleAsync(
            host.Services.GetRequiredService<ISettlementPolicy>(), ledger, "", TimeSpan.FromMinutes(1), TimeProvider.System, TaskScheduler.Default, TestContext.Current.CancellationToken);

        Assert.Null(verdict.Refusal);
        Assert.Equal(ledger.Volume, verdict.Outcome!.Settlement.Operations);
        Assert.Equal($"{ledger.EpochId} of 2, {ledger.Operations.Name}, {ledger.Volume.Micro}", verdict.Outcome.PolicyState);
    }

    [Fact]
    public async Task A_backend_built_against_older_contracts_does_what_it_did_and_nothing_else()
    {
        var builder = Using("TestPlugins.OnOlder");
        builder.UsePlugins(new PluginCatalog());
        using var host = builder.Build();
        var backend = host.Services.GetRequiredService<IInferenceBackend>();
        var request = new InferenceRequest("older", "text-generation", "hello"u8.ToArray());
        var stop = TestContext.Current.CancellationToken;

        var described = Assert.Single((await backend.DescribeAsync(stop)).Models);
        Assert.Equal((null, false, 0, 0), (described.Class, described.IsWarm, described.MemoryBytes, described.ContextLength));
        Assert.Null(await backend.OpenTokensAsync("older", stop));
        var chunks = new List<InferenceChunk>();
        await foreach (var chunk in backend.StreamAsync(request, null, stop))
        {
            chunks.Add(chunk);
        }

        var streamed = Assert.Single(chunks).Result!;
        var run = await ModelRun.RunAsync(backend, Cid.OfBlock("a job"u8), request, null, stop);
        Assert.All([streamed, run], static result =>
        {
            Assert.Equal("older text-generation 5"u8.ToArray(), result.Output.ToArray());
            Assert.Equal(("older/1", "0.5"), (result.Class.Runtime, result.Confidence));
            Assert.Null(result.Usage);
        });
        await Assert.ThrowsAsync<InferenceException>(async () => await backend.RunAsync(request with { Input = default }, null, stop));
    }

    [Fact]
    public void A_configuration_that_names_no_plugin_loads_none()
    {
        var builder = SwarmPoolBuilder.Create();
        builder.UsePlugins(new PluginCatalog());
        using var host = builder.Build();

        Assert.Empty(host.Services.GetServices<LoadedPlugin>());
    }

    /// <summary>Sharing an assembly shares what it refers to; the list says all of it, so that a plugin's author can read it.</summary>
    [Fact]
    public void The_list_of_shared_assemblies_is_closed()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location);
        var missing = SharedContracts.Names
            .Select(name => Assembly.Load(new AssemblyName(name)))
            .SelectMany(assembly => assembly.GetReferencedAssemblies())
            .Select(reference => Assembly.Load(reference))
            .Where(assembly => Path.GetDirectoryName(assembly.Location) != framework)
            .Select(assembly => assembly.GetName().Name!)
            .Except(SharedContracts.Names, StringComparer.Ordinal);

        Assert.Empty(missing);
    }

    private static IHost Compose(PluginCatalog catalog)
    {
        var builder = Using(Good);
        builder.UsePlugins(catalog);
        return builder.Build();
    }

    private static List<string> Registrations(SwarmPoolBuilder builder, int skip) =>
        [.. builder.Services.Skip(skip).Select(one => $"{one.Lifetime} {one.ServiceType} {(one.ServiceType == typeof(IHostedService) ? "behind a gate or not" : one.ImplementationType)}")];
}
