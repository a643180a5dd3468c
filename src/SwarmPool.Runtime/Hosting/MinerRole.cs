using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SwarmPool.Inference;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Packs;
using SwarmPool.Runtime.Roles;

namespace SwarmPool.Runtime.Hosting;

/// <summary>The miner in a composition.</summary>
internal static class MinerRole
{
    public const string Key = "miner";

    public static void AddTo(SwarmPoolBuilder builder)
    {
        RoleServices.Add<MinerOptions>(builder, Key);
        builder.Require<IInferenceBackend>("the miner");
        builder.Services.TryAddSingleton<IMinerObserver, SilentMinerObserver>();
        var folder = builder.BaseDirectory;
        builder.Services.AddSingleton(p => new Miner.Miner(RoleServices.Options<MinerOptions>(p).Value, Dependencies(p, folder)));
        RoleServices.AddLocalCheck(builder, Key, static (p, stop) => p.GetRequiredService<Miner.Miner>().PrepareAsync(stop));
        builder.Services.AddHostedService<MinerService>();
    }

    private static MinerDependencies Dependencies(IServiceProvider p, string folder) => new(
        p.GetRequiredKeyedService<RoleDependencies>(Key),
        p.GetRequiredService<IInferenceBackend>(),
        p.GetRequiredService<IMinerObserver>(),
        p.GetService<PoolClock>() ?? new PoolClock(p.GetRequiredService<TimeProvider>()),
        p.GetService<ModelFolder>())
    {
        WorkFolder = Path.Combine(folder, RoleServices.Options<MinerOptions>(p).Value.WorkFolder),
    };
}
