using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A folder with a first pool, made by <c>swarmpool init</c>, on a loopback port of its own.</summary>
internal sealed class PoolFolder : IDisposable
{
    private const string Embedded = "SWARMPOOL_plugins__use__SwarmPool.Plugins.Embedded__";
    private readonly Dictionary<string, string> environment;

    private PoolFolder(string root, Dictionary<string, string> environment)
    {
        Root = root;
        this.environment = environment;
    }

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public string Root { get; }

    public string Url => environment[Embedded + "url"];

    public static async Task<PoolFolder> InitAsync(params (string Key, string Value)[] settings)
    {
        var root = Directory.CreateTempSubdirectory("swarmpool-e2e-").FullName;
        var folder = new PoolFolder(root, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Embedded + "url"] = string.Create(CultureInfo.InvariantCulture, $"mqtt://127.0.0.1:{FreePort()}"),
            ["NO_COLOR"] = "1",
        });
        foreach (var (key, value) in settings)
        {
            folder.environment["SWARMPOOL_" + key] = value;
        }

        await using var init = folder.Start("SwarmPool.Daemon", "swarmpool", "init", root);
        Assert.True(await init.EndsAsync(Patience) == 0, string.Join('\n', init.Lines));
        return folder;
    }

    public string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public RunningProgram Start(string project, string assembly, params string[] arguments) =>
        RunningProgram.Start(project, assembly, Root, environment, arguments);

    /// <summary>A program that a shell starts in its own place, by a script that ends with <c>exec "$@"</c>.</summary>
    public RunningProgram In(string script, string project, string assembly, params string[] arguments) => RunningProgram.StartFile(
        "bash", Root, environment, ["-c", script, "bash", "dotnet", RunningProgram.FileOf(project, assembly), .. arguments]);

    public RunningProgram Daemon(params string[] more) => Start("SwarmPool.Daemon", "swarmpool", ["run", "--config", Path("swarmpool.json"), .. more]);

    /// <summary>The daemon, with one more thing in its environment.</summary>
    public RunningProgram DaemonWith(string key, string value) => StartWith(key, value, "SwarmPool.Daemon", "swarmpool", "run", "--config", Path("swarmpool.json"), "--json");

    /// <summary>A program with one more thing in its environment.</summary>
    public RunningProgram StartWith(string key, string value, string project, string assembly, params string[] arguments) =>
        RunningProgram.Start(project, assembly, Root, new Dictionary<string, string>(environment) { [key] = value }, arguments);

    public RunningProgram Miner(string name, params string[] more) => Start(
        "SwarmPool.Miner", "swarm-miner", ["mine", "--config", Path("swarm-miner.json"), "--ens", name, "--key-file", Path("keys", name + ".key"), .. more]);

    public RunningProgram Client(string command, params string[] more) => Start(
        "SwarmPool.Client", "swarm-client", [command, .. more, "--config", Path("swarm-client.json"), "--ens", "clinic.clientswarm.eth", "--key-file", Path("keys", "clinic.clientswarm.eth.key")]);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
