using SwarmPool.Identity;

namespace SwarmPool.Plugins.Ens.Tests.Support;

/// <summary>The chain that the tests share, with what is on it for all: a wildcard name, and the accounts of a node's own keys.</summary>
public sealed class ChainFixture : IAsyncLifetime
{
    /// <summary>The known keys of the node's development accounts.</summary>
    public static IReadOnlyList<byte[]> Keys { get; } =
    [
        Convert.FromHexString("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"),
        Convert.FromHexString("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"),
        Convert.FromHexString("5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a"),
    ];

    public EnsChain.EnsChain Chain { get; private set; } = null!;

    public EthAddress Alice { get; } = EthAddress.Parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");

    public EthAddress Bob { get; } = EthAddress.Parse("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC");

    public async ValueTask InitializeAsync()
    {
        Chain = await EnsChain.EnsChain.StartAsync();
        await Chain.RegisterAsync(EnsName.Parse("many.eth"), await Chain.DeployWildcardAsync());
    }

    public ValueTask DisposeAsync() => Chain?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Options for the chain, by way of a tap or other endpoints.</summary>
    public EnsOptions Options(params Uri[] endpoints)
    {
        var options = new EnsOptions
        {
            Network = EnsChain.EnsChain.Network,
            Registry = Chain.Registry.ToString(),
            UniversalResolver = Chain.UniversalResolver.ToString(),
        };
        foreach (var endpoint in endpoints.Length > 0 ? endpoints : [Chain.Node.Url])
        {
            options.Endpoints.Add(endpoint.ToString());
        }

        return options;
    }

    internal EnsIdentity Identity(Action<EnsOptions>? configure = null, TimeProvider? time = null, params Uri[] endpoints)
    {
        var options = Options(endpoints);
        configure?.Invoke(options);
        return Identities.Make(options, time);
    }

    /// <summary>What a new provider, one that remembers no block, answers.</summary>
    internal async Task<IdentityAnswer> AskAsync(EnsName name, Action<EnsOptions>? configure = null) =>
        await Identity(configure).ResolveAsync(name, TestContext.Current.CancellationToken);
}
