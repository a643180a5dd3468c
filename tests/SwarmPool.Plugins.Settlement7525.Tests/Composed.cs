using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Settlement;

namespace SwarmPool.Plugins.Settlement7525.Tests;

/// <summary>The policy as a program gets it: through the builder, since its class is internal.</summary>
internal sealed class Composed : ISwarmPoolBuilder
{
    private readonly Dictionary<Type, object> slots = [];

    public static ISettlementPolicy Policy { get; } = ByCode();

    public IServiceCollection Services { get; } = new ServiceCollection();

    public IConfiguration Configuration { get; } = new ConfigurationBuilder().Build();

    public string BaseDirectory => AppContext.BaseDirectory;

    public static ISettlementPolicy ByCode()
    {
        var builder = new Composed();
        builder.UseSettlement7525();
        return builder.Slot<ISettlementPolicy>();
    }

    public static ISettlementPolicy ByPlugin()
    {
        var builder = new Composed();
        new Settlement7525Plugin().Configure(builder, builder.Configuration.GetSection("settlement"));
        return builder.Slot<ISettlementPolicy>();
    }

    public ISwarmPoolBuilder Fill<TSlot>(string filledBy, Func<IServiceProvider, TSlot> factory)
        where TSlot : class
    {
        slots.Add(typeof(TSlot), factory(Services.BuildServiceProvider()));
        return this;
    }

    private TSlot Slot<TSlot>() => (TSlot)slots[typeof(TSlot)];
}
