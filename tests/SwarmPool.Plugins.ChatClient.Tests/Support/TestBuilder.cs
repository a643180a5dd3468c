using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.ChatClient.Tests.Support;

/// <summary>A host's builder, as small as it can be: collects services and the one slot.</summary>
internal sealed class TestBuilder(string baseDirectory) : ISwarmPoolBuilder
{
    private Func<IServiceProvider, object>? factory;

    public IServiceCollection Services { get; } = new ServiceCollection();

    public IConfiguration Configuration { get; } = new ConfigurationManager();

    public string BaseDirectory => baseDirectory;

    public CollectedLogs Logs { get; } = new();

    public ISwarmPoolBuilder Fill<TSlot>(string filledBy, Func<IServiceProvider, TSlot> factory)
        where TSlot : class
    {
        Assert.Equal(typeof(IInferenceBackend), typeof(TSlot));
        Assert.Null(this.factory);
        this.factory = factory;
        return this;
    }

    public IServiceProvider BuildServices()
    {
        Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs));
        return Services.BuildServiceProvider();
    }

    public IInferenceBackend Build() => (IInferenceBackend)factory!(BuildServices());
}
