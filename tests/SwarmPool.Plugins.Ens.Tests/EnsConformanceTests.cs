using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Tests.Support;
using SwarmPool.Testing.Identity;

namespace SwarmPool.Plugins.Ens.Tests;

public sealed class RegistryConformanceTests(ChainFixture fixture) : EnsConformanceTests(fixture, EnsLookup.Registry);

public sealed class UniversalConformanceTests(ChainFixture fixture) : EnsConformanceTests(fixture, EnsLookup.Universal);

public abstract class EnsConformanceTests(ChainFixture fixture, EnsLookup lookup) : IdentitySuite, IAsyncLifetime
{
    private RpcTap tap = null!;

    protected override EnsName KnownName { get; } = EnsName.Parse("conformant.eth");

    protected override IReadOnlyCollection<EthAddress> KnownAccounts => [fixture.Alice];

    protected override EthAddress KnownPayout => fixture.Bob;

    public async ValueTask InitializeAsync()
    {
        tap = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        await fixture.Chain.RegisterAsync(KnownName.Text, fixture.Alice, ("swarmpool.payout", fixture.Bob.ToString()));
    }

    public async ValueTask DisposeAsync()
    {
        await tap.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override IIdentityProvider Make() => fixture.Identity(options => options.Lookup = lookup, null, tap.Url);

    protected override ValueTask BreakSourceAsync(IIdentityProvider provider)
    {
        tap.Mode = TapMode.HangUp;
        return ValueTask.CompletedTask;
    }

    protected override ValueTask MendSourceAsync(IIdentityProvider provider)
    {
        tap.Mode = TapMode.Pass;
        return ValueTask.CompletedTask;
    }
}
