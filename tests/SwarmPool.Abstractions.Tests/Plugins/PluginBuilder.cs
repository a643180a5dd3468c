using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins;

namespace SwarmPool.Tests.Plugins;

/// <summary>A builder whose slots are only counted.</summary>
internal sealed class PluginBuilder : ISwarmPoolBuilder
{
    public IServiceCollection Services { get; } = new ServiceCollection();

    public IConfiguration Configuration { get; } = new ConfigurationBuilder().Build();

    public string BaseDirectory => Path.GetTempPath();

    public List<string> Filled { get; } = [];

    public ISwarmPoolBuilder Fill<TSlot>(string filledBy, Func<IServiceProvider, TSlot> factory)
        where TSlot : class
    {
        Filled.Add(filledBy);
        return this;
    }

    public static IConfigurationSection Section(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes($$"""{ "plugins": { "some": {{json}} } }"""))).Build().GetSection("plugins:some");

    public TOptions Options<TOptions>()
        where TOptions : class
    {
        using var services = Services.BuildServiceProvider();
        return services.GetRequiredService<IOptions<TOptions>>().Value;
    }

    /// <summary>What a start says is wrong, all of it, sorted.</summary>
    public IReadOnlyList<string> ProblemsAtStart()
    {
        using var services = Services.BuildServiceProvider();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException fault)
        {
            return [.. fault.Failures.Order(StringComparer.Ordinal)];
        }
        catch (AggregateException faults)
        {
            return [.. faults.InnerExceptions.SelectMany(static fault => Assert.IsType<OptionsValidationException>(fault).Failures).Order(StringComparer.Ordinal)];
        }
    }
}
