using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Reader;
using SwarmPool.Runtime.Roles;

namespace SwarmPool.Runtime.Hosting;

/// <summary>The client in a composition.</summary>
internal static class ClientRole
{
    public const string Key = "client";

    public static void AddTo(SwarmPoolBuilder builder)
    {
        RoleServices.Add<ClientOptions>(builder, Key);
        builder.Services.AddSingleton(static p => new PoolClient(RoleServices.Options<ClientOptions>(p).Value, p.GetRequiredKeyedService<RoleDependencies>(Key)));
        RoleServices.AddLocalCheck(builder, Key, static (p, stop) => p.GetRequiredService<PoolClient>().CheckAsync(stop));
        builder.Services.AddHostedService<ClientService>();
    }

    /// <summary>For a host of others: a pool that is away must not keep it from its other work.</summary>
    public static void AddInBackgroundTo(SwarmPoolBuilder builder)
    {
        builder.Services.AddSingleton<BackgroundStart>();
        builder.Services.AddSingleton(static p => new PoolHealth(
            p.GetRequiredService<PoolClient>(), ReaderFor(p), RoleServices.Options<ClientOptions>(p).Value.PoolEns, p.GetRequiredService<TimeProvider>()));
        AddTo(builder);
    }

    private static PoolReader ReaderFor(IServiceProvider p)
    {
        var role = p.GetRequiredKeyedService<RoleDependencies>(Key);
        var pool = EnsName.Parse(RoleServices.Options<ClientOptions>(p).Value.PoolEns);
        return new PoolReader(role.Transport, role.Names, role.Engine, pool, role.Time, p.GetRequiredService<ILoggerFactory>());
    }
}
