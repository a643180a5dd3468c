using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Publishing;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.Runtime.Daemon.Timing;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Verification;
using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Hosting;

/// <summary>The daemon in a composition.</summary>
internal static class DaemonRole
{
    public const string Key = "daemon";

    /// <summary>How long a jump of the clock stays in doubt at most; a quarter of a lease where that is less.</summary>
    private static readonly TimeSpan LongestDoubt = TimeSpan.FromSeconds(30);

    public static void AddTo(SwarmPoolBuilder builder)
    {
        RoleServices.Add<DaemonOptions>(builder, Key);
        builder.Require<IPoolJournal>("the daemon").Require<ISettlementPolicy>("the daemon");
        var services = builder.Services;
        services.TryAddSingleton<IDaemonObserver, SilentDaemonObserver>();
        services.TryAddSingleton<StandbyLag>();
        services.TryAddSingleton<IngressCounters>();
        services.TryAddSingleton<DaemonControl>();
        services.AddSingleton(Seal);
        services.AddSingleton(Components);
        services.AddSingleton<PoolDaemon>();
        RoleServices.AddLocalCheck(builder, Key, static (p, stop) => p.GetRequiredService<DaemonComponents>().SettingsAsync(stop).AsTask());
        services.AddHostedService<DaemonService>();
        services.AddSingleton(static p => new PoolLocationWatch(
            p.GetRequiredService<ITransport>(),
            p.GetRequiredService<IIdentityProvider>(),
            EnsName.Parse(RoleServices.Options<DaemonOptions>(p).Value.PoolEns),
            p.GetRequiredService<IDaemonObserver>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<PoolLocationWatch>>()));
        services.AddHostedService<PoolLocationService>();
    }

    private static CopySeal Seal(IServiceProvider p)
    {
        var role = p.GetRequiredKeyedService<RoleDependencies>(Key);
        return new CopySeal(role.Signer, new NameCache(role.Names, role.Time), role.Engine, EnsName.Parse(RoleServices.Options<DaemonOptions>(p).Value.PoolEns));
    }

    // Within a lease it is known what a jump was, and there is time left for what the miners sent meanwhile.
    private static DaemonClock Clock(IServiceProvider p)
    {
        var lease = TimeSpan.FromSeconds(RoleServices.Options<DaemonOptions>(p).Value.ClaimTimeoutSeconds);
        var time = p.GetRequiredService<TimeProvider>();
        var report = new ClockReport(p.GetRequiredService<IDaemonObserver>(), time, p.GetRequiredService<ILogger<ClockReport>>());
        return new DaemonClock(new SteadyTime(time, TimeSpan.FromTicks(Math.Min(LongestDoubt.Ticks, lease.Ticks / 4)), report.Tell), report);
    }

    private static IProofVerifier Verifier(IServiceProvider p, string named)
    {
        var filled = p.GetService<IProofVerifier>();
        return named.Length == 0 ? filled ?? new HashVerifier()
            : filled is not null ? throw new SwarmPoolException(ErrorCodes.VerifierTwice, $"The configuration names the verifier {named}, and a plugin fills the slot ({filled.Name}). Take one of the two out.")
            : BuiltInVerifiers.Make(named)!; // The options' check has seen that there is one.
    }

    private static DaemonComponents Components(IServiceProvider p) => new(
        RoleServices.Options<DaemonOptions>(p).Value,
        p.GetRequiredKeyedService<RoleDependencies>(Key),
        Clock(p),
        new DaemonSlots(p.GetRequiredService<IPoolJournal>(), p.GetRequiredService<ISettlementPolicy>(), Verifier(p, RoleServices.Options<DaemonOptions>(p).Value.Verifier)),
        new DaemonTelemetry(p.GetRequiredService<IDaemonObserver>(), p.GetRequiredService<StandbyLag>(), p.GetRequiredService<IngressCounters>()),
        p.GetRequiredService<DaemonControl>(),
        p.GetRequiredService<CopySeal>(),
        p.GetService<DecideFunction>() ?? PoolMachine.Decide);
}
