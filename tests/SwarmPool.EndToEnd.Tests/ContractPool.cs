using System.Text.Json.Nodes;
using SwarmPool.Identity;
using SwarmPool.Runtime.Keys;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A pool on a chain of its own, whose operator and client are contracts: daemon and client sign by session keys, and no owner's key is left.</summary>
internal sealed class ContractPool : IAsyncDisposable
{
    public const string Alice = "miner.alice.eth";

    private const string Pool = "swarmpool.eth";
    private const string Clinic = "clinic.clientswarm.eth";

    private ContractPool(PoolFolder folder, EnsChain.EnsChain chain) => (Folder, Chain) = (folder, chain);

    public PoolFolder Folder { get; }

    public EnsChain.EnsChain Chain { get; }

    /// <summary>Where alice's name says that she is paid.</summary>
    public EthAddress Wallet { get; } = EthAddress.Parse("0x00000000000000000000000000000000000a11ce");

    /// <summary>Every key that ever signed here, as hex.</summary>
    public List<string> Keys { get; } = [];

    public static async Task<ContractPool> StartAsync()
    {
        var chain = EnsChain.EnsChain.StartAsync();
        var pool = new ContractPool(await PoolFolder.InitAsync(("checks__on", "false")), await chain);
        await pool.Chain.RegisterAsync(Alice, pool.AccountOf(Alice), ("swarmpool.payout", pool.Wallet.ToString()));
        foreach (var name in new[] { Pool, Clinic })
        {
            await pool.Chain.RegisterAsync(name, await pool.Chain.DeployWalletAsync(pool.AccountOf(name)));
        }

        pool.UseChain("swarmpool.json", "journal");
        pool.UseChain("swarm-miner.json");
        pool.UseChain("swarm-client.json");
        return pool;
    }

    /// <summary>The owners sign one delegation each; their keys are gone after that.</summary>
    public async Task DelegateAsync()
    {
        await DoneAsync(Folder.Start("SwarmPool.Daemon", "swarmpool", "delegate", "--config", Folder.Path("swarmpool.json"), "--wallet-key-file", KeyFile(Pool)));
        await DoneAsync(Folder.Start(
            "SwarmPool.Client", "swarm-client", "delegate", "--config", Folder.Path("swarm-client.json"), "--ens", Clinic, "--spending-cap", "0.15", "--wallet-key-file", KeyFile(Clinic)));
        Keys.AddRange(Directory.GetFiles(Folder.Path("keys")).Select(File.ReadAllText).Select(text => text.Trim()));
        foreach (var role in new[] { "pool", "client" })
        {
            Keys.Add((await File.ReadAllTextAsync(Folder.Path(role + ".session.key"))).Trim());
        }

        Directory.Delete(Folder.Path("keys"), recursive: true);
        Change("swarmpool.json", json => (json["operator_key_file"], json["delegation_file"]) = ("pool.session.key", "pool.delegation.json"));
        Change("swarm-client.json", json => (json["client_key_file"], json["delegation_file"]) = ("client.session.key", "client.delegation.json"));
    }

    public void Change(string file, Action<JsonNode> change)
    {
        var json = JsonNode.Parse(File.ReadAllText(Folder.Path(file)))!;
        change(json);
        File.WriteAllText(Folder.Path(file), json.ToJsonString());
    }

    public RunningProgram Daemon() => Folder.Daemon("--json");

    /// <summary>The miner, its key in its environment alone.</summary>
    public RunningProgram Miner(string key) => Folder.StartWith(
        "MINER_PRIVATE_KEY", key, "SwarmPool.Miner", "swarm-miner", "mine", "--config", Folder.Path("swarm-miner.json"), "--ens", Alice);

    public RunningProgram Submit() => Folder.Start("SwarmPool.Client", "swarm-client", "submit", Folder.Path("job.json"), "--again", "--config", Folder.Path("swarm-client.json"), "--ens", Clinic);

    /// <summary>The miner's key.</summary>
    public string KeyOf(string name) => File.ReadAllText(KeyFile(name)).Trim();

    public async ValueTask DisposeAsync()
    {
        await Chain.DisposeAsync();
        Folder.Dispose();
    }

    private static async Task DoneAsync(RunningProgram program)
    {
        await using (program)
        {
            Assert.True(await program.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', program.Lines));
        }
    }

    private string KeyFile(string name) => Folder.Path("keys", name + ".key");

    private EthAddress AccountOf(string name)
    {
        using var signer = KeyLoader.Load(new SignerOptions { KeyFile = KeyFile(name) }, "the test");
        return signer.Address;
    }

    private void UseChain(string file, params string[] more) => Change(file, json =>
    {
        var plugins = json["plugins"]!.AsObject();
        plugins.Remove("lock");
        plugins["use"]!["SwarmPool.Plugins.Embedded"]!["slots"] = new JsonArray([.. more.Prepend("transport").Select(slot => JsonValue.Create(slot))]);
        plugins["use"]!["SwarmPool.Plugins.Ens"] = new JsonObject
        {
            ["endpoints"] = new JsonArray(Chain.Node.Url.ToString()),
            ["network"] = EnsChain.EnsChain.Network,
            ["registry"] = Chain.Registry.ToString(),
        };
    });
}
