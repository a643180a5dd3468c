using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Plugins;
using SwarmPool.Plugins.Settlement7525;
using SwarmPool.Settlement;

namespace SwarmPool.Simulation.Parties;

/// <summary>The settlement policy that ships, as its plugin fills it in.</summary>
internal sealed class SimPolicy : ISwarmPoolBuilder
{
    private ISettlementPolicy? policy;

    public IServiceCollection Services { get; } = new ServiceCollection();

    public IConfiguration Configuration { get; } = new ConfigurationBuilder().Build();

    public string BaseDirectory => "/";

    public static ISettlementPolicy Create()
    {
        var catching = new SimPolicy();
        catching.UseSettlement7525();
        return catching.policy!;
    }

    public ISwarmPoolBuilder Fill<TSlot>(string filledBy, Func<IServiceProvider, TSlot> factory)
        where TSlot : class
    {
        policy = (ISettlementPolicy)(object)factory(Services.BuildServiceProvider());
        return this;
    }
}
