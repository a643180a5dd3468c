using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Runtime.Client;
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
        builder.Services.AddHostedService<ClientService>();
    }
}
