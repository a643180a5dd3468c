using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SwarmPool.Plugins.Redis.Tests;

/// <summary>A builder over a plain host, as the runtime's is.</summary>
internal sealed class Composing : ISwarmPoolBuilder
{
    private readonly HostApplicationBuilder host = Host.CreateEmptyApplicationBuilder(null);

    public List<string> Filled { get; } = [];

    public IServiceCollection Services => host.Services;

    public IConfiguration Configuration => host.Configuration;

    public string BaseDirectory { get; init; } = Path.GetTempPath();

    /// <summary>Sets a key of the host's own configuration.</summary>
    public Composing With(string key, string value)
    {
        host.Configuration[key] = value;
        return this;
    }

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

    public static IConfigurationSection Section(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create($"redis:{pair.Key}", (string?)pair.Value))).Build().GetSection("redis");
}
