using System.Text.Json.Nodes;
using SwarmPool.Identity;
using SwarmPool.IpfsNodes;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Keys;
using SwarmPool.Tools.Digits.Glyphs;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>
/// A pool that is found by its name: its parties' names on a chain of their own, a node for each party, and configurations that hold
/// no more than the plugins, the party's node and the chain's.
/// </summary>
internal sealed class NamedPool : IAsyncDisposable
{
    public const string Name = "swarmpool.eth";
    public const string Alice = "miner.alice.eth";
    public const string Clinic = "clinic.bob.eth";

    private readonly Dictionary<string, IpfsNode> nodes = new(StringComparer.Ordinal);

    private NamedPool(string root, EnsChain.EnsChain chain) => (Root, Chain) = (root, chain);

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(120);

    public string Root { get; }

    public EnsChain.EnsChain Chain { get; }

    /// <summary>Where alice's name says that she is paid: no account of the machine that mines.</summary>
    public EthAddress Wallet { get; } = EthAddress.Parse("0x00000000000000000000000000000000000a11ce");

    public IpfsNode this[string party] => nodes[party];

    public static async Task<NamedPool> StartAsync(int epochSeconds)
    {
        var chain = EnsChain.EnsChain.StartAsync();
        string[] parties = ["pool", "alice", "clinic"];
        var started = await Task.WhenAll(parties.Select(_ => IpfsNode.StartAsync()));
        var pool = new NamedPool(Directory.CreateTempSubdirectory("swarmpool-named-").FullName, await chain);
        foreach (var (party, node) in parties.Zip(started))
        {
            pool.nodes.Add(party, node);
        }

        await pool.WriteAsync(epochSeconds);
        return pool;
    }

    /// <summary>Sets the records that say where the pool is.</summary>
    public Task PlaceAsync(string? state, string? peers) =>
        Chain.RegisterAsync(Name, AccountOf(Name), ("swarmpool.state", state ?? ""), ("swarmpool.transport", peers ?? ""));

    /// <summary>How long epochs last from the daemon's next start on.</summary>
    public void SetEpochSeconds(int seconds)
    {
        var daemon = JsonNode.Parse(File.ReadAllText(Path("swarmpool.json")))!;
        daemon["epoch_duration_seconds"] = seconds;
        File.WriteAllText(Path("swarmpool.json"), daemon.ToJsonString());
    }

    public RunningProgram Daemon(params string[] more) => Start("SwarmPool.Daemon", "swarmpool", [.. more, "--config", Path("swarmpool.json")]);

    /// <summary>All that a miner types beside its own name and key is the pool's name.</summary>
    public RunningProgram Miner() => Start("SwarmPool.Miner", "swarm-miner", "mine", "--pool", Name, "--ens", Alice, "--key-file", Path(Alice + ".key"));

    public RunningProgram Client(params string[] arguments) => Start("SwarmPool.Client", "swarm-client", [.. arguments, "--pool", Name]);

    public RunningProgram Submit() => Client("submit", Path("job.json"), "--ens", Clinic, "--key-file", Path(Clinic + ".key"));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes.Values)
        {
            await node.DisposeAsync();
        }

        await Chain.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    private string Path(string file) => System.IO.Path.Combine(Root, file);

    private RunningProgram Start(string project, string assembly, params string[] arguments) =>
        RunningProgram.Start(project, assembly, Root, new Dictionary<string, string>(StringComparer.Ordinal) { ["NO_COLOR"] = "1" }, arguments);

    private async Task WriteAsync(int epochSeconds)
    {
        await Chain.RegisterAsync(Name, MakeKey(Name));
        await Chain.RegisterAsync(Alice, MakeKey(Alice), ("swarmpool.payout", Wallet.ToString()));
        await Chain.RegisterAsync(Clinic, MakeKey(Clinic));
        await WriteAsync("swarmpool.json", "pool", new JsonObject { ["operator_key_file"] = Name + ".key", ["epoch_duration_seconds"] = epochSeconds, ["state_seconds"] = 1 },
            ("Embedded", new JsonObject { ["slots"] = new JsonArray("journal") }), ("Settlement7525", []));
        var models = System.IO.Path.Combine(RunningProgram.Repository, "models");
        await WriteAsync("swarm-miner.json", "alice", [], ("Onnx", new JsonObject { ["models"] = models }));
        await WriteAsync("swarm-client.json", "clinic", []);
        await File.WriteAllBytesAsync(Path("seven.png"), DigitPictures.Png(digit: 7, seed: 1));
        await File.WriteAllTextAsync(Path("job.json"), """{ "job_type": "image-classification", "model": "digits-16", "input": "seven.png", "payment": { "amount": "0.10" } }""");
    }

    private Task WriteAsync(string file, string party, JsonObject top, params (string Plugin, JsonObject Section)[] more)
    {
        var use = new JsonObject
        {
            ["SwarmPool.Plugins.Ens"] = new JsonObject { ["endpoints"] = new JsonArray(Chain.Node.Url.ToString()), ["network"] = EnsChain.EnsChain.Network, ["registry"] = Chain.Registry.ToString(), ["lifetime_seconds"] = 5 },
            ["SwarmPool.Plugins.Ipfs"] = new JsonObject { ["api"] = nodes[party].Api },
        };
        foreach (var (plugin, section) in more)
        {
            use["SwarmPool.Plugins." + plugin] = section;
        }

        top["plugins"] = new JsonObject { ["use"] = use };
        return File.WriteAllTextAsync(Path(file), top.ToJsonString());
    }

    private EthAddress MakeKey(string name)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new StreamWriter(Path(name + ".key"), options))
        {
            file.Write(Convert.ToHexStringLower(PrivateKeys.Generate()));
        }

        return AccountOf(name);
    }

    private EthAddress AccountOf(string name)
    {
        using var signer = new PrivateKeySigner(Convert.FromHexString(File.ReadAllText(Path(name + ".key"))), SignatureEngines.Best);
        return signer.Address;
    }
}
