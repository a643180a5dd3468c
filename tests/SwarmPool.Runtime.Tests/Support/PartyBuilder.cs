using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Plugins;

namespace SwarmPool.Runtime.Tests.Support;

/// <summary>Passes all on to a builder, and wraps what is filled into the slots that a test wants to watch or to break.</summary>
internal sealed class PartyBuilder(ISwarmPoolBuilder inner) : ISwarmPoolBuilder
{
    private readonly Dictionary<Type, Func<object, object>> wrappers = [];

    public IServiceCollection Services => inner.Services;

    public IConfiguration Configuration => inner.Configuration;

    public string BaseDirectory => inner.BaseDirectory;

    public PartyBuilder Wrap<TSlot>(Func<TSlot, TSlot>? wrap)
        where TSlot : class
    {
        if (wrap is not null)
        {
            wrappers[typeof(TSlot)] = made => wrap((TSlot)made);
        }

        return this;
    }

    public ISwarmPoolBuilder Fill<TSlot>(string filledBy, Func<IServiceProvider, TSlot> factory)
        where TSlot : class
    {
        inner.Fill(filledBy, services => wrappers.TryGetValue(typeof(TSlot), out var wrap) ? (TSlot)wrap(factory(services)) : factory(services));
        return this;
    }
}
