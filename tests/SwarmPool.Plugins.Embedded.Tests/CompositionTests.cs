using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Tests;

public sealed class CompositionTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_plugin_fills_all_three_slots_by_default()
    {
        var pool = new TestPool(folder.Path);
        new EmbeddedPlugin().Configure(pool, TestPool.Section());
        Assert.Equal(["Embedded transport", "Embedded identity", "Embedded journal"], pool.Filled);
    }

    [Fact]
    public void A_subset_of_slots_is_filled_when_named()
    {
        var pool = new TestPool(folder.Path);
        new EmbeddedPlugin().Configure(pool, TestPool.Section(("slots:0", "journal")));
        Assert.Equal(["Embedded journal"], pool.Filled);
    }

    [Fact]
    public void The_assembly_names_its_plugin()
    {
        var named = typeof(EmbeddedPlugin).Assembly.GetCustomAttributes(typeof(SwarmPoolPluginAttribute), inherit: false);
        Assert.Equal(typeof(EmbeddedPlugin), Assert.IsType<SwarmPoolPluginAttribute>(Assert.Single(named)).PluginType);
    }

    [Fact]
    public async Task Keys_of_the_section_arrive_and_paths_are_relative_to_the_base_directory()
    {
        File.WriteAllText(folder.File("who.json"), """{ "network": "local", "names": {} }""");
        var pool = new TestPool(folder.Path);
        pool.UseEmbedded(TestPool.Section(
            ("transport", "hub"), ("hub", "composition"), ("blocks", "b"), ("max_content_bytes", "70000"), ("names", "who.json"), ("journal", "j/p.db")));
        using var host = pool.Build();
        await host.StartAsync();
        Assert.Equal(folder.File("j/p.db"), host.Services.GetRequiredService<IPoolJournal>().Location);
        Assert.Equal("local", host.Services.GetRequiredService<IIdentityProvider>().Network);
        var transport = host.Services.GetRequiredService<ITransport>();
        await transport.StartAsync(default);
        Assert.Equal(70000, transport.Content.MaxContentBytes);
        Assert.True(Directory.Exists(folder.File("b")));
        await host.StopAsync();
    }

    [Fact]
    public async Task All_problems_are_said_at_once_at_start_without_the_password()
    {
        var pool = new TestPool(folder.Path);
        pool.UseEmbedded(TestPool.Section(
            ("url", "mqtt://u:hunter2@0.0.0.0:1"), ("broker", "true"), ("max_content_bytes", "5"), ("fetch_wait_seconds", "-1"), ("journal", " "), ("jurnal", "x"), ("slots:0", "transport"), ("slots:1", "journal"), ("slots:2", "wallet")));
        using var host = pool.Build();
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        var all = fault is AggregateException many ? string.Join("\n", many.InnerExceptions.Select(one => one.Message)) : fault.Message;
        Assert.All(["url: 0.0.0.0", "max_content_bytes: 5", "fetch_wait_seconds: -1", "journal: a path", "jurnal: no such", "slots: 'wallet'"], part => Assert.Contains(part, all));
        Assert.DoesNotContain("hunter2", all);
    }

    [Fact]
    public async Task A_value_that_cannot_be_read_names_its_key()
    {
        var pool = new TestPool(folder.Path);
        pool.UseEmbedded(TestPool.Section(("slots:0", "transport"), ("transport", "pigeon")));
        using var host = pool.Build();
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("embedded:transport", fault.Message);
    }

    [Theory]
    [InlineData("mqtts://127.0.0.1:8883", "no TLS")]
    [InlineData("mqtt://pool.example:1883", "not on the name")]
    [InlineData("http://127.0.0.1", "not a broker's address")]
    [InlineData("mqtt://127.0.0.1:0", "not a broker's address")]
    [InlineData("mqtt://192.0.2.1:1883", "allow_remote")]
    public async Task A_broker_that_cannot_be_is_refused(string url, string because)
    {
        var pool = new TestPool(folder.Path);
        pool.UseEmbeddedTransport(options =>
        {
            options.Broker = true;
            options.Url = url;
        });
        using var host = pool.Build();
        Assert.Contains(because, (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Message);
    }

    [Fact]
    public async Task A_remote_broker_needs_a_password()
    {
        var pool = new TestPool(folder.Path);
        pool.UseEmbeddedTransport(options => (options.Broker, options.AllowRemote, options.Url) = (true, true, "mqtt://0.0.0.0:1883"));
        using var host = pool.Build();
        Assert.StartsWith("user, password", (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Message);
    }
}
