using SwarmPool.RedisServers;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A folder with a first pool over Redis, and the server of all its parties.</summary>
internal sealed class RedisPool : IAsyncDisposable
{
    private const string Redis = "SWARMPOOL_plugins__use__SwarmPool.Plugins.Redis__";
    private readonly Dictionary<string, string> environment;

    private RedisPool(string root, RedisServer server)
    {
        Root = root;
        Server = server;
        environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["NO_COLOR"] = "1",
            [Redis + "configuration"] = server.Configuration,
            [Redis + "configuration_file"] = "",
            [Redis + "timeout_seconds"] = "25",
        };
    }

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(120);

    public string Root { get; }

    public RedisServer Server { get; }

    public static async Task<RedisPool> InitAsync(params IReadOnlyList<string> server) => await InitAsync(await RedisServer.StartAsync(server));

    /// <summary>On a server that runs; it ends with the pool.</summary>
    public static async Task<RedisPool> InitAsync(RedisServer server)
    {
        var pool = new RedisPool(Directory.CreateTempSubdirectory("swarmpool-redis-e2e-").FullName, server);
        await using var init = pool.Start("SwarmPool.Daemon", "swarmpool", "init", pool.Root, "--transport", "redis", "--redis", server.Configuration);
        Assert.True(await init.EndsAsync(Patience) == 0, string.Join('\n', init.Lines));
        return pool;
    }

    /// <summary>From now on each party connects as the user that <c>init</c> made for it. The server's own user stays, for the test.</summary>
    public async Task<RedisPool> WithUsersAsync()
    {
        foreach (var user in System.IO.File.ReadLines(File("redis.acl")).Select(line => line.Split(' ')).Where(words => words[0] == "user" && words[1] != "default"))
        {
            await Server.AskAsync(["acl", "setuser", .. user[1..]]);
        }

        environment.Remove(Redis + "configuration");
        environment.Remove(Redis + "configuration_file");
        return this;
    }

    /// <summary>What a user's connection is, for a test that is him.</summary>
    public string ConnectionOf(string role) => System.IO.File.ReadAllText(File($"keys/redis-{role}.secret")).TrimEnd();

    /// <summary>Sets a key of every party's configuration.</summary>
    public RedisPool With(string key, string value)
    {
        environment["SWARMPOOL_" + key] = value;
        return this;
    }

    /// <summary>Sets a key of the plugin's section, for every party.</summary>
    public RedisPool WithRedis(string key, string value)
    {
        environment[Redis + key] = value;
        return this;
    }

    /// <summary>A daemon that stands by where another leads, under a name for those who ask who leads.</summary>
    public RunningProgram Standby(string instance) => RunningProgram.Start(
        "SwarmPool.Daemon", "swarmpool", Root, new Dictionary<string, string>(environment) { ["SWARMPOOL_instance"] = instance }, "run", "--standby", "--config", File("swarmpool.json"));

    public RunningProgram Daemon(params string[] command) =>
        Start("SwarmPool.Daemon", "swarmpool", [.. command.Length > 0 ? command : ["run"], "--config", File("swarmpool.json")]);

    public RunningProgram Miner(string party) => Start(
        "SwarmPool.Miner", "swarm-miner", "mine", "--config", File("swarm-miner.json"), "--ens", $"miner.{party}.eth", "--key-file", File($"keys/miner.{party}.eth.key"));

    public RunningProgram Submit() => Client("submit", File("job.json"), "--again");

    /// <summary>One client that sends several jobs at once and says a line of JSON for each answer.</summary>
    public RunningProgram Submit(int jobs) => Client(["submit", .. Enumerable.Repeat(File("job.json"), jobs), "--json", "--again"]);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    private RunningProgram Client(params string[] command) => Start(
        "SwarmPool.Client", "swarm-client", [.. command, "--config", File("swarm-client.json"), "--ens", "clinic.clientswarm.eth", "--key-file", File("keys/clinic.clientswarm.eth.key")]);

    private string File(string name) => Path.Combine(Root, name);

    private RunningProgram Start(string project, string assembly, params string[] arguments) =>
        RunningProgram.Start(project, assembly, Root, environment, arguments);
}
