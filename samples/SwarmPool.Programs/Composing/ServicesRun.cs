using Microsoft.Extensions.Hosting;
using SwarmPool.Runtime.Hosting;

namespace SwarmPool.Programs.Composing;

/// <summary>Uses a composition's services without starting it: nothing connects, no role runs.</summary>
public static class ServicesRun
{
    /// <summary>Builds, works, disposes.</summary>
    public static async Task<T> WithServicesAsync<T>(this SwarmPoolBuilder builder, Func<IServiceProvider, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(work);
        IHost host = builder.Build();
        await using var disposal = (IAsyncDisposable)host;
        return await work(host.Services);
    }
}
