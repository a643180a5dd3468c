using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Ingress;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Publishing;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Puts a pool's daemon into a host.</summary>
public static class DaemonBuilderExtensions
{
    private const string NeededBy = "the daemon";

    /// <summary>
    /// Adds the daemon. It needs the slots transport, identity, journal and settlement policy; a proof verifier is taken
    /// when there is one, else proofs are checked by their signatures and hashes. It signs with an <see cref="ISigner"/>
    /// among the services, else with the key that the options name.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options in code, after the configuration; may be null.</param>
    public static SwarmPoolBuilder AddDaemon(this SwarmPoolBuilder builder, Action<DaemonOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Require<ITransport>(NeededBy).Require<IIdentityProvider>(NeededBy).Require<IPoolJournal>(NeededBy).Require<ISettlementPolicy>(NeededBy);
        var services = builder.Services;
        RoleOptions.Add<DaemonOptions, DaemonOptionsValidator>(services, static (o, c) => c.Bind(o), configure);
        services.TryAddSingleton<IDaemonObserver, SilentDaemonObserver>();
        services.TryAddSingleton<StandbyLag>();
        services.TryAddSingleton<IngressCounters>();
        services.TryAddSingleton<DaemonControl>();
        var baseDirectory = builder.BaseDirectory;
        services.TryAddSingleton<ISigner>(p => KeyLoader.Signer(Key(p.GetRequiredService<IOptions<DaemonOptions>>().Value, baseDirectory), p.GetRequiredService<TimeProvider>()));
        services.AddHostedService<SignerService>();
        services.AddSingleton(p => Parts(p, baseDirectory));
        services.AddSingleton<PoolDaemon>();
        services.AddHostedService<DaemonService>();
        services.AddSingleton(p => new PoolLocationWatch(
            p.GetRequiredService<ITransport>(),
            p.GetRequiredService<IIdentityProvider>(),
            EnsName.Parse(p.GetRequiredService<IOptions<DaemonOptions>>().Value.PoolEns),
            p.GetRequiredService<IDaemonObserver>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<PoolLocationWatch>>()));
        services.AddHostedService<PoolLocationService>();
        return builder;
    }

    private static DaemonComponents Parts(IServiceProvider p, string baseDirectory) => new(
        p.GetRequiredService<IOptions<DaemonOptions>>().Value,
        p.GetRequiredService<ITransport>(),
        p.GetRequiredService<IIdentityProvider>(),
        p.GetRequiredService<ISigner>(),
        p.GetRequiredService<IPoolJournal>(),
        p.GetRequiredService<ISettlementPolicy>(),
        p.GetService<IProofVerifier>() ?? new HashProofVerifier(),
        p.GetRequiredService<IDaemonObserver>(),
        p.GetRequiredService<StandbyLag>(),
        p.GetRequiredService<IngressCounters>(),
        p.GetRequiredService<DaemonControl>(),
        p.GetService<ISignatureEngine>() ?? SignatureEngines.Best,
        p.GetRequiredService<SwarmPoolSchedulers>().Checks,
        p.GetRequiredService<TimeProvider>(),
        p.GetRequiredService<ILoggerFactory>(),
        p.GetService<INonceSource>() ?? RandomNonces.Shared,
        p.GetService<DecideFunction>() ?? PoolMachine.Decide,
        DelegationFile.ReadIfNamed(baseDirectory, p.GetRequiredService<IOptions<DaemonOptions>>().Value.DelegationFile));

    private static KeyOptions Key(DaemonOptions options, string baseDirectory) => new()
    {
        What = $"the pool {options.PoolEns}",
        Key = options.OperatorPrivateKey,
        KeyFile = KeyPaths.Under(baseDirectory, options.OperatorKeyFile),
        Keystore = KeyPaths.Under(baseDirectory, options.OperatorKeystore),
        Password = options.OperatorPassword,
        PasswordFile = KeyPaths.Under(baseDirectory, options.OperatorPasswordFile),
        SignerCommand = KeyPaths.Command(baseDirectory, options.OperatorSignerCommand),
        SignerArguments = [.. options.OperatorSignerArguments],
        SignerSocket = KeyPaths.Under(baseDirectory, options.OperatorSignerSocket),
    };
}
