using System.Globalization;
using SwarmPool.Plugins.Redis.Tests;
using SwarmPool.RedisServers;

[assembly: AssemblyFixture(typeof(Servers))]

namespace SwarmPool.Plugins.Redis.Tests;

/// <summary>A durable server for all tests that leave it as it is; each has a database of its own.</summary>
public sealed class Servers : IAsyncLifetime
{
    private RedisServer? durable;
    private int databases;

    /// <summary>A database that nobody used before, as StackExchange.Redis writes it.</summary>
    public string FreshDatabase() =>
        string.Create(CultureInfo.InvariantCulture, $"{durable!.Configuration},defaultDatabase={Interlocked.Increment(ref databases)}");

    public async ValueTask InitializeAsync() => durable = await RedisServer.StartAsync(RedisServer.Durable);

    public async ValueTask DisposeAsync()
    {
        if (durable is not null)
        {
            await durable.DisposeAsync();
        }
    }
}
