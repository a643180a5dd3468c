using System.Globalization;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Tests;
using SwarmPool.RedisServers;

[assembly: AssemblyFixture(typeof(Servers))]

namespace SwarmPool.Plugins.Redis.Tests;

/// <summary>A durable server, and one as a node of a cluster, for all tests that leave them as they are; each test has a database or a pool of its own.</summary>
public sealed class Servers : IAsyncLifetime
{
    private RedisServer? durable;
    private RedisServer? cluster;
    private int databases;

    /// <summary>A database that nobody used before, as StackExchange.Redis writes it.</summary>
    public string FreshDatabase() =>
        string.Create(CultureInfo.InvariantCulture, $"{durable!.Configuration},defaultDatabase={Interlocked.Increment(ref databases)}");

    /// <summary>A cluster of one node that has all slots; it has one database.</summary>
    public string Cluster => cluster!.Configuration;

    public async ValueTask InitializeAsync()
    {
        durable = await RedisServer.StartAsync(RedisServer.Durable);
        cluster = await RedisServer.StartAsync([.. RedisServer.Durable, "--cluster-enabled", "yes"]);
        await using var admin = await ConnectionMultiplexer.ConnectAsync(Cluster + ",allowAdmin=true");
        await admin.GetServers()[0].ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        while (!((string)(await admin.GetServers()[0].ExecuteAsync("CLUSTER", "INFO"))!).Contains("cluster_state:ok", StringComparison.Ordinal))
        {
            await Task.Delay(20, default(CancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new[] { durable, cluster })
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }
}
