using SwarmPool.IpfsNodes;
using SwarmPool.Plugins.Ipfs.Tests.Support;

[assembly: AssemblyFixture(typeof(Nodes))]

namespace SwarmPool.Plugins.Ipfs.Tests.Support;

/// <summary>
/// Three connected nodes for all tests that leave them as they are; each test has topics, contents and pointers of its own.
/// SWARMPOOL_KUBO_API names nodes of yours instead, one to three with commas: each test runs against them.
/// </summary>
public sealed class Nodes : IAsyncLifetime
{
    private readonly List<IpfsNode> started = [];

    /// <summary>The nodes' RPC addresses; where there are fewer than three, some parties share one.</summary>
    public IReadOnlyList<string> Apis { get; private set; } = [];

    /// <summary>Addresses to connect to; none where the nodes are yours, since only you know how they are connected.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <summary>Nodes that a test may stop and start itself.</summary>
    public static string? Foreign => Environment.GetEnvironmentVariable("SWARMPOOL_KUBO_API") is { Length: > 0 } apis ? apis : null;

    public async ValueTask InitializeAsync()
    {
        if (Foreign is { } apis)
        {
            Apis = apis.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return;
        }

        started.AddRange(await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => IpfsNode.StartAsync())));
        Apis = [.. started.Select(node => node.Api)];
        Addresses = [.. started.Select(node => node.Address)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in started)
        {
            await node.DisposeAsync();
        }
    }

    /// <summary>Options of a party by its number: its node is connected to the first one's.</summary>
    public IpfsOptions Options(int party)
    {
        var options = new IpfsOptions { Api = Apis[party % Apis.Count], ConnectTimeoutSeconds = 60 };
        foreach (var address in Addresses.Take(party % Apis.Count))
        {
            options.Peers.Add(address);
        }

        return options;
    }
}
