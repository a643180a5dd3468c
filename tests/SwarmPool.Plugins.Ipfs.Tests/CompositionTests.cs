using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Tests;

public sealed class CompositionTests
{
    [Fact]
    public void The_assembly_names_its_plugin_which_fills_the_transport_slot()
    {
        var named = typeof(IpfsPlugin).Assembly.GetCustomAttributes(typeof(SwarmPoolPluginAttribute), inherit: false);
        Assert.Equal(typeof(IpfsPlugin), Assert.IsType<SwarmPoolPluginAttribute>(Assert.Single(named)).PluginType);
        var pool = new Builder();
        new IpfsPlugin().Configure(pool, Section());
        Assert.Equal(["IPFS transport"], pool.Filled);
    }

    [Fact]
    public async Task Keys_of_the_section_arrive_and_an_empty_list_of_peers_is_none()
    {
        var pool = new Builder();
        pool.UseIpfs(new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream("""{ "ipfs": { "api": "http://127.0.0.1:1/", "max_content_bytes": 70000, "tree_files": 7, "peers": [] } }"""u8.ToArray()))
            .Build().GetSection("ipfs"));
        using var host = pool.Build();
        await host.StartAsync();
        var transport = host.Services.GetRequiredService<ITransport>();
        Assert.Equal((70000, 7), (transport.Content.MaxContentBytes, transport.PublicTree!.MaxFiles));
        await host.StopAsync();
    }

    [Fact]
    public async Task All_problems_are_said_at_once_without_the_secret()
    {
        var pool = new Builder();
        pool.UseIpfs(Section(
            ("api", "http://u:hunter2@127.0.0.1"), ("auth", "bearer:hunter3"), ("auth_file", "x"), ("peers:0", "/ip4/1.2.3.4/tcp/4001"), ("fetch_seconds", "0"), ("parallel_fetches", "9999"), ("enclose_bytes", "-1"), ("gateway", "x")));
        using var host = pool.Build();
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        var all = fault is AggregateException many ? string.Join("\n", many.InnerExceptions.Select(one => one.Message)) : fault.Message;
        Assert.All(["api: a user", "auth, auth_file: keep one", "peers: '/ip4/1.2.3.4/tcp/4001'", "fetch_seconds: 0", "parallel_fetches: 9999", "enclose_bytes: -1", "gateway: no such"], part => Assert.Contains(part, all));
        Assert.DoesNotContain("hunter", all);
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData("bearer:")]
    [InlineData("bearer:hunter2\nX-Evil: 1")]
    [InlineData("basic:hunter2")]
    [InlineData("digest:hunter2")]
    public async Task A_secret_in_another_form_is_refused_and_not_shown(string auth)
    {
        var pool = new Builder();
        pool.UseIpfs(options => options.Auth = auth);
        using var host = pool.Build();
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        Assert.Contains("bearer:TOKEN", fault.Message);
        Assert.DoesNotContain("hunter2", fault.ToString());
    }

    [Fact]
    public void A_secret_file_is_read_and_one_that_says_nothing_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("swarmpool-ipfs-auth-");
        var file = Path.Combine(folder.FullName, "auth");
        File.WriteAllText(file, "bearer:hunter2\n");
        Transport();
        File.WriteAllText(file, "hunter2");
        Assert.DoesNotContain("hunter2", Assert.Throws<TransportException>(Transport).ToString());
        File.WriteAllText(file, "");
        Assert.Contains(file, Assert.Throws<TransportException>(Transport).Message);
        File.Delete(file);
        Assert.Contains(file, Assert.Throws<TransportException>(Transport).Message);
        folder.Delete();

        void Transport()
        {
            var pool = new Builder();
            pool.UseIpfs(options => options.AuthFile = file);
            using var host = pool.Build();
            Assert.NotNull(host.Services.GetRequiredService<ITransport>());
        }
    }

    private static IConfigurationSection Section(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create($"ipfs:{pair.Key}", (string?)pair.Value))).Build().GetSection("ipfs");

    /// <summary>A builder over a plain host, as the runtime's is.</summary>
    private sealed class Builder : ISwarmPoolBuilder
    {
        private readonly HostApplicationBuilder host = Host.CreateEmptyApplicationBuilder(null);

        public List<string> Filled { get; } = [];

        public IServiceCollection Services => host.Services;

        public IConfiguration Configuration => host.Configuration;

        public string BaseDirectory => Path.GetTempPath();

        public ISwarmPoolBuilder Fill<TSlot>(string filledBy, Func<IServiceProvider, TSlot> factory)
            where TSlot : class
        {
            Filled.Add(filledBy);
            Services.AddSingleton(factory);
            return this;
        }

        public IHost Build()
        {
            Services.AddLogging();
            return host.Build();
        }
    }
}
