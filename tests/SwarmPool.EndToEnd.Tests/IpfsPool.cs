using SwarmPool.IpfsNodes;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A folder with a first pool over IPFS, and a node for each of its parties.</summary>
internal sealed class IpfsPool : IAsyncDisposable
{
    private const string Ipfs = "SWARMPOOL_plugins__use__SwarmPool.Plugins.Ipfs__";
    private readonly Dictionary<string, IpfsNode> nodes = new(StringComparer.Ordinal);

    private IpfsPool(string root) => Root = root;

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(120);

    public string Root { get; }

    /// <summary>A party's node.</summary>
    public IpfsNode this[string party] => nodes[party];

    public static async Task<IpfsPool> InitAsync(params string[] parties)
    {
        var pool = new IpfsPool(Directory.CreateTempSubdirectory("swarmpool-ipfs-e2e-").FullName);
        foreach (var (party, node) in parties.Zip(await Task.WhenAll(parties.Select(_ => IpfsNode.StartAsync()))))
        {
            pool.nodes.Add(party, node);
        }

        await using var init = pool.Start("pool", "SwarmPool.Daemon", "swarmpool", "init", pool.Root, "--transport", "ipfs");
        Assert.True(await init.EndsAsync(Patience) == 0, string.Join('\n', init.Lines));
        return pool;
    }

    public RunningProgram Daemon(params string[] more) =>
        Start("pool", "SwarmPool.Daemon", "swarmpool", [.. more.Length > 0 ? more : ["run"], "--config", File("swarmpool.json")]);

    /// <summary>A daemon on a party's node that stands by where another leads.</summary>
    public RunningProgram Standby(string party) => Start(party, "SwarmPool.Daemon", "swarmpool", "run", "--standby", "--json", "--config", File("swarmpool.json"));

    public RunningProgram Miner(string party) => Start(
        party, "SwarmPool.Miner", "swarm-miner", "mine", "--config", File("swarm-miner.json"), "--ens", $"miner.{party}.eth", "--key-file", File($"keys/miner.{party}.eth.key"));

    public RunningProgram Submit() => Start(
        "client", "SwarmPool.Client", "swarm-client", "submit", File("job.json"), "--again", "--config", File("swarm-client.json"), "--ens", "clinic.clientswarm.eth", "--key-file", File("keys/clinic.clientswarm.eth.key"));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes.Values)
        {
            await node.DisposeAsync();
        }

        Directory.Delete(Root, recursive: true);
    }

    private string File(string name) => Path.Combine(Root, name);

    private RunningProgram Start(string party, string project, string assembly, params string[] arguments)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NO_COLOR"] = "1", [Ipfs + "api"] = nodes[party].Api };
        if (party != "pool")
        {
            environment[Ipfs + "peers__0"] = nodes["pool"].Address;
        }

        return RunningProgram.Start(project, assembly, Root, environment, arguments);
    }
}
