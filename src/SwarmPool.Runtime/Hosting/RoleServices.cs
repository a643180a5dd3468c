using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Hosting;

/// <summary>What every role of a composition has: slots, options, a signer of its own, and a check before the start.</summary>
internal static class RoleServices
{
    /// <param name="builder">The composition.</param>
    /// <param name="role">The role's key among its services: "client".</param>
    /// <exception cref="InvalidOperationException">The composition has the role already.</exception>
    public static void Add<TOptions>(SwarmPoolBuilder builder, string role)
        where TOptions : class, IRoleOptions, new()
    {
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(RoleSigner) && Equals(service.ServiceKey, role)))
        {
            throw new InvalidOperationException(
                $"This composition has a {role} already. Give another one a composition of its own: services.AddSwarmPool{char.ToUpperInvariant(role[0])}{role[1..]}(key, configuration).");
        }

        var baseDirectory = builder.BaseDirectory;
        builder.Require<ITransport>($"the {role}").Require<IIdentityProvider>($"the {role}");
        services.TryAddSingleton(static p => new NamedOptions<TOptions>(p, Microsoft.Extensions.Options.Options.DefaultName));
        services.AddKeyedSingleton(role, (p, _) => RoleSigner.Create(p, role, Options<TOptions>(p).Unchecked, baseDirectory));
        services.AddKeyedSingleton(role, (p, _) => Dependencies(p, role, Options<TOptions>(p).Value.DelegationFile, baseDirectory));
        services.AddKeyedSingleton(role, (p, _) => new SignerService(p.GetRequiredKeyedService<RoleSigner>(role).Signer));
        services.AddSingleton<IHostedService>(p => p.GetRequiredKeyedService<SignerService>(role));
        services.AddSingleton(p => new RoleCheck(
            () => _ = Options<TOptions>(p).Value,
            () => _ = p.GetRequiredKeyedService<RoleSigner>(role),
            () => _ = DelegationFile.ReadIfNamed(baseDirectory, Options<TOptions>(p).Unchecked.DelegationFile)));
    }

    /// <summary>Has something of the role checked before the transport is waited for; its signer has started then.</summary>
    /// <param name="builder">The composition.</param>
    /// <param name="role">The role's key.</param>
    /// <param name="check">Throws what is wrong.</param>
    public static void AddLocalCheck(SwarmPoolBuilder builder, string role, Func<IServiceProvider, CancellationToken, Task> check) =>
        builder.Services.AddSingleton(p => new LocalCheck(async stop =>
        {
            await p.GetRequiredKeyedService<SignerService>(role).StartingAsync(stop);
            await check(p, stop);
        }));

    public static NamedOptions<TOptions> Options<TOptions>(IServiceProvider services)
        where TOptions : class => services.GetRequiredService<NamedOptions<TOptions>>();

    private static RoleDependencies Dependencies(IServiceProvider p, string role, string? delegationFile, string baseDirectory) => new(
        p.GetRequiredService<ITransport>(),
        p.GetRequiredService<IIdentityProvider>(),
        p.GetRequiredKeyedService<RoleSigner>(role).Signer,
        p.GetService<ISignatureEngine>() ?? SignatureEngines.Best,
        p.GetRequiredService<TimeProvider>(),
        p.GetRequiredService<SwarmPoolSchedulers>(),
        p.GetRequiredService<ILoggerFactory>())
    {
        Nonces = p.GetService<INonceSource>() ?? RandomNonces.Shared,
        Delegation = DelegationFile.ReadIfNamed(baseDirectory, delegationFile),
        Waits = p.GetRequiredService<Waits>(),
    };
}
