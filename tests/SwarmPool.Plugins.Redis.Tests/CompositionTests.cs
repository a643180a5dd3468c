using Microsoft.Extensions.DependencyInjection;
using SwarmPool.State;
using SwarmPool.Testing.Journal;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Tests;

public sealed class CompositionTests(Servers servers)
{
    [Fact]
    public void The_assembly_names_its_plugin_which_fills_both_slots_or_those_that_are_listed()
    {
        var named = typeof(RedisPlugin).Assembly.GetCustomAttributes(typeof(SwarmPoolPluginAttribute), inherit: false);
        Assert.Equal(typeof(RedisPlugin), Assert.IsType<SwarmPoolPluginAttribute>(Assert.Single(named)).PluginType);
        Assert.Equal(["Redis journal", "Redis transport"], Filled());
        Assert.Equal(["Redis journal"], Filled(("slots:0", "journal")));
        Assert.Equal(["Redis transport"], Filled(("slots", "transport")));

        static List<string> Filled(params (string Key, string Value)[] values)
        {
            var pool = new Composing();
            new RedisPlugin().Configure(pool, Composing.Section(values));
            return pool.Filled;
        }
    }

    [Fact]
    public async Task Keys_of_the_section_arrive_and_the_pool_is_the_hosts()
    {
        var pool = new Composing().With("pool_ens", "other.eth");
        pool.UseRedis(Composing.Section(("configuration", servers.FreshDatabase()), ("max_content_bytes", "70000"), ("durability", "everysec")));
        using var host = pool.Build();
        await host.StartAsync();
        Assert.Equal(70000, host.Services.GetRequiredService<ITransport>().Content.MaxContentBytes);
        var journal = host.Services.GetRequiredService<IPoolJournal>();
        Assert.EndsWith("of other.eth", journal.Location, StringComparison.Ordinal);
        var lease = await journal.AcquireAsync("other.eth", "test", TimeSpan.FromMinutes(1), default);
        await journal.AppendAsync(lease, JournalChains.After(JournalHead.Empty, 1), default);
        await host.StopAsync();
    }

    [Fact]
    public async Task All_problems_are_said_at_once_without_the_secret()
    {
        var pool = new Composing();
        pool.UseRedis(Composing.Section(
            ("slots:0", "journal"), ("slots:1", "transport"), ("slots:2", "identity"), ("configuration", "password=hunter2"), ("transport_configuration", "a:1,password=hunter3"),
            ("transport_configuration_file", "x"), ("pool", "a{b}"), ("timeout_seconds", "0"), ("replicas", "17"), ("content_seconds", "1"), ("backlog_seconds", "-1"), ("url", "x")));
        using var host = pool.Build();
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        var all = fault is AggregateException many ? string.Join("\n", many.InnerExceptions.Select(one => one.Message)) : fault.Message;
        Assert.All(
            ["slots: 'identity'", "configuration: this is no", "transport_configuration, transport_configuration_file: keep one", "pool: a pool's name", "timeout_seconds: 0", "replicas: 17", "content_seconds: 1", "backlog_seconds: -1", "url: no such"],
            part => Assert.Contains(part, all));
        Assert.DoesNotContain("hunter", all);
    }

    [Fact]
    public async Task A_configuration_comes_from_a_file_too_and_one_that_says_nothing_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("swarmpool-redis-file-");
        var file = Path.Combine(folder.FullName, "redis");
        File.WriteAllText(file, servers.FreshDatabase() + "\n");
        await using (var journal = Journal(folder.FullName))
        {
            await journal.AcquireAsync("swarmpool.eth", "test", TimeSpan.FromMinutes(1), default);
        }

        foreach (var text in new[] { "", "password=hunter2" })
        {
            File.WriteAllText(file, text);
            var fault = Assert.Throws<JournalException>(() => Journal(folder.FullName));
            Assert.DoesNotContain("hunter", fault.ToString(), StringComparison.Ordinal);
        }

        File.Delete(file);
        Assert.Contains(file, Assert.Throws<JournalException>(() => Journal(folder.FullName)).Message, StringComparison.Ordinal);
        folder.Delete();

        static IPoolJournal Journal(string folder)
        {
            var pool = new Composing { BaseDirectory = folder };
            pool.UseRedisJournal(options => options.ConfigurationFile = "redis");
            return pool.Build().Services.GetRequiredService<IPoolJournal>();
        }
    }
}
