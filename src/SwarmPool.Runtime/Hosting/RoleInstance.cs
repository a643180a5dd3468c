using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Scheduling;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// One instance of a role in a host around it: a composition of its own, so that its plugins may register what they like and meet no
/// other instance's.
/// </summary>
/// <param name="role">The role, for messages: "client".</param>
/// <param name="key">Its key among the host's services; empty without one.</param>
/// <param name="configuration">Its own configuration.</param>
/// <param name="compose">Fills the composition with its options, slots and role; is given the host's services.</param>
internal sealed class RoleInstance(string role, string key, IConfiguration configuration, Action<SwarmPoolBuilder, IServiceProvider> compose)
{
    public bool IsSame(RoleInstance other) => (role, key) == (other.Role, other.Key);

    public string Role => role;

    public string Key => key;

    /// <summary>A service of this instance.</summary>
    public TService Get<TService>(IServiceProvider host)
        where TService : class => host.GetRequiredService<RoleInstances>().HostOf(this).Services.GetRequiredService<TService>();

    /// <summary>Composes the instance, starts nothing, and adds what is wrong with it.</summary>
    /// <returns>The instance's host, to be disposed of in any case; null when it could not be made.</returns>
    public IHost? Build(IServiceProvider host, Problems problems)
    {
        var own = new Problems();
        try
        {
            return Build(host, own, host.GetService<IHostEnvironment>()?.ContentRootPath);
        }
        catch (SwarmPoolException broken)
        {
            own.Add(broken); // A slot that is filled twice.
            return null;
        }
        finally
        {
            problems.AddAll(own, key.Length == 0 ? "" : $"{role} \"{key}\": ");
        }
    }

    private IHost Build(IServiceProvider host, Problems own, string? baseDirectory)
    {
        var builder = SwarmPoolBuilder.Create(configuration, baseDirectory);
        Share(host, builder.Services);
        var arePluginsLoaded = TryUsePlugins(builder, own);
        compose(builder, host);
        if (arePluginsLoaded)
        {
            builder.CheckSlots(own); // Else those that are empty may be those of the plugins that failed.
        }

        return builder.BuildAndCheck(own);
    }

    private static bool TryUsePlugins(SwarmPoolBuilder builder, Problems own)
    {
        try
        {
            builder.UsePlugins();
            return true;
        }
        catch (SwarmPoolException broken)
        {
            own.Add(broken);
            return false;
        }
    }

    // As instances, which a container does not dispose of: they are the host's. What the composition itself registers comes later and wins.
    private void Share(IServiceProvider host, IServiceCollection services)
    {
        services.AddSingleton<IHostLifetime, NoHostLifetime>();
        Share<TimeProvider>();
        Share<SwarmPoolSchedulers>();
        Share<ILoggerFactory>();
        Share<IMeterFactory>();
        Share<IHostEnvironment>();
        Share<IOptions<HostOptions>>();
        Share<INonceSource>();
        Share<ISigner>();
        if (key.Length > 0 && host.GetKeyedService<ISigner>(key) is { } signer)
        {
            services.AddKeyedSingleton(role, signer);
        }

        void Share<TService>()
            where TService : class
        {
            if (host.GetService<TService>() is { } shared)
            {
                services.AddSingleton(shared);
            }
        }
    }

    // The host around it is the one that signals end.
    private sealed class NoHostLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
