using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Puts a miner into a host.</summary>
public static class MinerBuilderExtensions
{
    private const string NeededBy = "the miner";

    /// <summary>
    /// Adds the miner. It needs the slots transport, identity and inference backend. It signs with an <see cref="ISigner"/>
    /// among the services, else with the key that the options name; it tells an <see cref="IMinerObserver"/> among the
    /// services, when there is one.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options in code, after the configuration; may be null.</param>
    public static SwarmPoolBuilder AddMiner(this SwarmPoolBuilder builder, Action<MinerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Require<ITransport>(NeededBy).Require<IIdentityProvider>(NeededBy).Require<IInferenceBackend>(NeededBy);
        var services = builder.Services;
        RoleOptions.Add<MinerOptions, MinerOptionsValidator>(services, Bind, configure);
        services.TryAddSingleton<IMinerObserver, SilentMinerObserver>();
        var baseDirectory = builder.BaseDirectory;
        services.TryAddSingleton<ISigner>(p => KeyLoader.Signer(Key(p.GetRequiredService<IOptions<MinerOptions>>().Value, baseDirectory), p.GetRequiredService<TimeProvider>()));
        services.AddHostedService<SignerService>();
        services.AddSingleton(p => new Miner.Miner(p.GetRequiredService<IOptions<MinerOptions>>().Value, Parts(p, baseDirectory)));
        services.AddHostedService<MinerService>();
        return builder;
    }

    private static void Bind(MinerOptions options, IConfiguration configuration)
    {
        configuration.Bind(options);

        // The binder takes arrays; a list with commas is what people write in an environment variable or on a command line.
        if (configuration["models"] is { Length: > 0 } models)
        {
            options.Models = models.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }

        if (configuration["gpus"] is { Length: > 0 } gpus)
        {
            options.Gpus = gpus.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
    }

    private static MinerDependencies Parts(IServiceProvider p, string baseDirectory) => new(
        p.GetRequiredService<ITransport>(),
        p.GetRequiredService<IIdentityProvider>(),
        p.GetRequiredService<IInferenceBackend>(),
        p.GetRequiredService<ISigner>(),
        SignatureEngines.Best,
        p.GetRequiredService<IMinerObserver>(),
        p.GetRequiredService<TimeProvider>(),
        p.GetRequiredService<SwarmPoolSchedulers>().Roles,
        p.GetRequiredService<ILoggerFactory>())
    {
        Nonces = p.GetService<INonceSource>() ?? RandomNonces.Shared,
        Clock = p.GetService<PoolClock>() ?? new PoolClock(p.GetRequiredService<TimeProvider>()),
        Delegation = DelegationFile.ReadIfNamed(baseDirectory, p.GetRequiredService<IOptions<MinerOptions>>().Value.DelegationFile),
    };

    private static KeyOptions Key(MinerOptions options, string baseDirectory) => new()
    {
        What = $"the miner {options.MinerEns}",
        Key = options.MinerPrivateKey,
        KeyFile = KeyPaths.Under(baseDirectory, options.MinerKeyFile),
        Keystore = KeyPaths.Under(baseDirectory, options.MinerKeystore),
        Password = options.MinerPassword,
        PasswordFile = KeyPaths.Under(baseDirectory, options.MinerPasswordFile),
        SignerCommand = KeyPaths.Command(baseDirectory, options.MinerSignerCommand),
        SignerArguments = [.. options.MinerSignerArguments],
        SignerSocket = KeyPaths.Under(baseDirectory, options.MinerSignerSocket),
    };
}
