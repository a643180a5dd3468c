using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Reader;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Puts a client, or a mere reader of a pool, into a host.</summary>
public static class ClientBuilderExtensions
{
    /// <summary>
    /// Adds a <see cref="PoolClient"/>, to be had from the host's services. It needs the slots transport and identity. It
    /// signs with an <see cref="ISigner"/> among the services, else with the key that the options name.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options in code, after the configuration; may be null.</param>
    public static SwarmPoolBuilder AddClient(this SwarmPoolBuilder builder, Action<ClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Require<ITransport>("the client").Require<IIdentityProvider>("the client");
        var services = builder.Services;
        RoleOptions.Add<ClientOptions, ClientOptionsValidator>(services, static (o, c) => c.Bind(o), configure);
        var baseDirectory = builder.BaseDirectory;
        services.TryAddSingleton<ISigner>(p => KeyLoader.Signer(Key(p.GetRequiredService<IOptions<ClientOptions>>().Value, baseDirectory), p.GetRequiredService<TimeProvider>()));
        services.AddHostedService<SignerService>();
        services.AddSingleton(p => new PoolClient(p.GetRequiredService<IOptions<ClientOptions>>().Value, Parts(p, baseDirectory)));
        services.AddHostedService<ClientService>();
        return builder;
    }

    /// <summary>
    /// Adds a <see cref="PoolReader"/>, to be had from the host's services: it reads what the pool publishes and needs no
    /// key. It needs the slots transport and identity.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="poolEns">The pool's name; null: the configuration's <c>pool_ens</c>, else "swarmpool.eth".</param>
    /// <remarks>A name that is none is an SP1001, thrown when the reader is first asked for.</remarks>
    public static SwarmPoolBuilder AddPoolReader(this SwarmPoolBuilder builder, string? poolEns = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Require<ITransport>("the pool reader").Require<IIdentityProvider>("the pool reader");
        builder.Services.AddSingleton(p => new PoolReader(
            p.GetRequiredService<ITransport>(),
            p.GetRequiredService<IIdentityProvider>(),
            SignatureEngines.Best,
            PoolName(poolEns ?? p.GetRequiredService<IConfiguration>()["pool_ens"] ?? "swarmpool.eth"),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILoggerFactory>()));
        return builder;
    }

    private static EnsName PoolName(string text) => EnsName.TryParse(text, out var name, out var reason)
        ? name
        : throw new SwarmPoolException(ErrorCodes.ConfigurationInvalid, $"pool_ens: {reason}");

    private static ClientDependencies Parts(IServiceProvider p, string baseDirectory) => new(
        p.GetRequiredService<ITransport>(),
        p.GetRequiredService<IIdentityProvider>(),
        p.GetRequiredService<ISigner>(),
        SignatureEngines.Best,
        p.GetRequiredService<TimeProvider>(),
        p.GetRequiredService<SwarmPoolSchedulers>().Roles,
        p.GetRequiredService<ILoggerFactory>())
    {
        Nonces = p.GetService<INonceSource>() ?? RandomNonces.Shared,
        Delegation = DelegationFile.ReadIfNamed(baseDirectory, p.GetRequiredService<IOptions<ClientOptions>>().Value.DelegationFile),
    };

    private static KeyOptions Key(ClientOptions options, string baseDirectory) => new()
    {
        What = $"the client {options.ClientEns}",
        Key = options.ClientPrivateKey,
        KeyFile = KeyPaths.Under(baseDirectory, options.ClientKeyFile),
        Keystore = KeyPaths.Under(baseDirectory, options.ClientKeystore),
        Password = options.ClientPassword,
        PasswordFile = KeyPaths.Under(baseDirectory, options.ClientPasswordFile),
        SignerCommand = KeyPaths.Command(baseDirectory, options.ClientSignerCommand),
        SignerArguments = [.. options.ClientSignerArguments],
        SignerSocket = KeyPaths.Under(baseDirectory, options.ClientSignerSocket),
    };
}
