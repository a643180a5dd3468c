using System.Diagnostics;
using System.Text.Json;

namespace SwarmPool.IpfsNodes;

/// <summary>
/// A real IPFS node for one party: js-ipfs in a process of its own, on loopback with free ports, in a repository of its own.
/// It is stopped by its process id, and ends by itself when this process does.
/// </summary>
public sealed class IpfsNode : IAsyncDisposable
{
    /// <summary>The script that runs a node, and beside it its packages.</summary>
    private const string Script = "tests/ipfs-node/node.mjs";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly string repository;
    private Process? process;
    private int apiPort;
    private int swarmPort;

    private IpfsNode(string repository) => this.repository = repository;

    /// <summary>Its RPC address, e.g. "http://127.0.0.1:40717". A restart keeps it.</summary>
    public string Api { get; private set; } = "";

    /// <summary>Its swarm address with its id, for those that connect to it.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Its peer id.</summary>
    public string Id { get; private set; } = "";

    /// <summary>The id of its process; 0 while it does not run.</summary>
    public int ProcessId => process?.Id ?? 0;

    /// <summary>Starts a node.</summary>
    public static async Task<IpfsNode> StartAsync()
    {
        var node = new IpfsNode(Directory.CreateTempSubdirectory("swarmpool-ipfs-").FullName);
        await node.RunAsync();
        return node;
    }

    /// <summary>Starts it again, in the same repository and on the same ports.</summary>
    public async Task RestartAsync()
    {
        // What was killed left its lock behind, which would be believed for a while.
        var stale = Path.Combine(repository, "repo.lock");
        if (Directory.Exists(stale))
        {
            Directory.Delete(stale, recursive: true);
        }

        File.Delete(stale);
        await RunAsync();
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (process is { } running)
        {
            process = null;
            if (!running.HasExited)
            {
                running.Kill();
            }

            await running.WaitForExitAsync();
            running.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(repository, recursive: true);
    }

    private async Task RunAsync()
    {
        var script = Path.Combine(Repository(), Script);
        if (!Directory.Exists(Path.Combine(Path.GetDirectoryName(script)!, "node_modules")))
        {
            throw new InvalidOperationException("The test node's packages are not installed: run ./test.sh, or in tests/ipfs-node: npm ci --ignore-scripts --omit=optional");
        }

        var start = new ProcessStartInfo("node", [script, repository, $"{apiPort}", $"{swarmPort}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SWARMPOOL_NODE_STOPS_WITH_STDIN"] = "1";
        process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        var errors = new List<string>();
        process.ErrorDataReceived += (_, e) =>
        {
            lock (errors)
            {
                errors.Add(e.Data ?? "");
            }
        };
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(StartLimit);
        var said = await process.StandardOutput.ReadLineAsync(limit.Token);
        if (said is null)
        {
            await process.WaitForExitAsync(limit.Token);
            throw new InvalidOperationException($"The IPFS node did not start:\n{string.Join('\n', errors)}");
        }

        Read(said);
    }

    private void Read(string line)
    {
        using var said = JsonDocument.Parse(line);
        Api = said.RootElement.GetProperty("api").GetString()!;
        Id = said.RootElement.GetProperty("id").GetString()!;
        Address = said.RootElement.GetProperty("addresses")[0].GetString()!;
        apiPort = new Uri(Api).Port;
        swarmPort = int.Parse(Address.Split('/')[4], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, Script)))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} lies in no checkout of the repository.");
        }

        return folder.FullName;
    }
}
