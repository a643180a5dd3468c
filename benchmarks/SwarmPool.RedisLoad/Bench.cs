using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Plugins;
using SwarmPool.Plugins.Redis;
using SwarmPool.State;

namespace SwarmPool.RedisLoad;

/// <summary>A builder over a plain host, for a slot by itself.</summary>
internal sealed class Bench : ISwarmPoolBuilder
{
    private readonly HostApplicationBuilder host = Host.CreateEmptyApplicationBuilder(null);

    public IServiceCollection Services => host.Services;

    public IConfiguration Configuration => host.Configuration;

    public string BaseDirectory => Environment.CurrentDirectory;

    public ISwarmPoolBuilder Fill<TSlot>(string filledBy, Func<IServiceProvider, TSlot> factory)
        where TSlot : class
    {
        Services.AddSingleton(factory);
        return this;
    }

    public static IPoolJournal Journal(Action<RedisJournalOptions> configure)
    {
        var bench = new Bench();
        bench.Services.AddLogging();
        bench.UseRedisJournal(configure);
        return bench.host.Build().Services.GetRequiredService<IPoolJournal>();
    }
}
