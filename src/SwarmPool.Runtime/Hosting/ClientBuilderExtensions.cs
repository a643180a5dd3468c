using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Reader;
using SwarmPool.Runtime.Roles;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Puts a client, or a mere reader of a pool, into a host.</summary>
public static class ClientBuilderExtensions
{
    /// <summary>
    /// Adds a <see cref="PoolClient"/>; get it from the host's services. It needs the slots transport and identity. It
    /// signs with an <see cref="ISigner"/> among the services, registered by the key "client" or for all roles, else with the key that the
    /// options name; both is an SP1202.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options in code, after the configuration; may be null.</param>
    /// <exception cref="InvalidOperationException">The composition has a client already.</exception>
    public static SwarmPoolBuilder AddClient(this SwarmPoolBuilder builder, Action<ClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddOptions<ClientOptions, ClientOptionsValidator>(configure);
        ClientRole.AddTo(builder);
        return builder;
    }

    /// <summary>
    /// Adds a <see cref="PoolReader"/>; get it from the host's services: it reads what the pool publishes and needs no
    /// key. It needs the slots transport and identity.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="poolEns">The pool's name; null: the configuration's <c>pool_ens</c>, else "swarmpool.eth".</param>
    /// <remarks>A name that is not valid is an SP1001, thrown when the reader is first asked for.</remarks>
    public static SwarmPoolBuilder AddPoolReader(this SwarmPoolBuilder builder, string? poolEns = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Require<ITransport>("the pool reader").Require<IIdentityProvider>("the pool reader");
        AddNameCheck(builder, p => PoolName(poolEns ?? p.GetRequiredService<IConfiguration>()["pool_ens"] ?? "swarmpool.eth"));
        builder.Services.AddSingleton(p => new PoolReader(
            p.GetRequiredService<ITransport>(),
            p.GetRequiredService<IIdentityProvider>(),
            SignatureEngines.Best,
            PoolName(poolEns ?? p.GetRequiredService<IConfiguration>()["pool_ens"] ?? "swarmpool.eth"),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILoggerFactory>()));
        return builder;
    }

    /// <summary>
    /// Adds a <see cref="JobLookup"/>; get it from the host's services: it finds out what has become of a job, and needs no key. It needs the
    /// slots transport and identity. The pool and the largest output are the configuration's <c>pool_ens</c> and <c>max_output_bytes</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <remarks>A value that is not valid is an SP1001, thrown when the lookup is first asked for.</remarks>
    public static SwarmPoolBuilder AddJobLookup(this SwarmPoolBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Require<ITransport>("the job lookup").Require<IIdentityProvider>("the job lookup");
        AddNameCheck(builder, static p => PoolName(p.GetRequiredService<IConfiguration>()["pool_ens"] ?? new ClientOptions().PoolEns));
        builder.Services.AddSingleton(static p =>
        {
            var options = new ClientOptions();
            p.GetRequiredService<IConfiguration>().Bind(options);
            var problems = new List<string>();
            OptionRange.Check(problems, "max_output_bytes", options.MaxOutputBytes, 1, 1_073_741_824);
            if (problems.Count > 0)
            {
                throw new SwarmPoolException(ErrorCodes.ConfigurationInvalid, problems[0]);
            }

            return new JobLookup(
                p.GetRequiredService<ITransport>(),
                p.GetRequiredService<IIdentityProvider>(),
                SignatureEngines.Best,
                PoolName(options.PoolEns),
                options.MaxOutputBytes,
                p.GetRequiredService<TimeProvider>(),
                p.GetRequiredService<ILoggerFactory>());
        });
        return builder;
    }

    private static void AddNameCheck(SwarmPoolBuilder builder, Func<IServiceProvider, EnsName> pool) => builder.Services.AddSingleton(p => new LocalCheck(stop =>
    {
        var names = p.GetRequiredService<IIdentityProvider>();
        return p.GetRequiredService<Waits>().RunAsync(
            new Wait($"the name {pool(p)} on {names.Network}", null, NameCache.Patience),
            () => OwnName.RequirePoolAsync(new NameCache(names, p.GetRequiredService<TimeProvider>()), pool(p), stop).AsTask());
    }));

    private static EnsName PoolName(string text) => EnsName.TryParse(text, out var name, out var reason)
        ? name
        : throw new SwarmPoolException(ErrorCodes.ConfigurationInvalid, $"pool_ens: {reason}");
}
