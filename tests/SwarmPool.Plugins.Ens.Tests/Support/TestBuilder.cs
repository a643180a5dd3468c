using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SwarmPool.Plugins.Ens.Tests.Support;

/// <summary>A builder with nothing in it but what the plugin puts there.</summary>
internal sealed class TestBuilder(IConfiguration configuration, string baseDirectory) : ISwarmPoolBuilder
{
    public IServiceCollection Services { get; } = new ServiceCollection().AddSingleton(typeof(ILogger<>), typeof(TextLog<>));

    public IConfiguration Configuration => configuration;

    public string BaseDirectory => baseDirectory;

    public ISwarmPoolBuilder Fill<TSlot>(string filledBy, Func<IServiceProvider, TSlot> factory)
        where TSlot : class
    {
        Services.AddSingleton(factory);
        return this;
    }

    public ServiceProvider Build() => Services.BuildServiceProvider();
}
