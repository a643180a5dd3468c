using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SwarmPool.RedisServers;

/// <summary>
/// A real Redis server in a process of its own, on loopback with a free port, in a folder of its own. It is stopped by its process id,
/// and ends by itself when this process does.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    // The shell ends the server when our end of its input closes, however this process ends; and it ends with the server.
    private const string Keeper = """ "$@" & server=$!; echo "pid $server"; { cat >/dev/null; kill -9 $server; } <&3 3<&- >/dev/null 2>&1 & wait $server """;
    private const int Attempts = 5;
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;
    private const int SigKill = 9;
    private const int SigStop = 19;
    private const int SigCont = 18;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string folder;
    private readonly IReadOnlyList<string> settings;
    private readonly string readyWhenSaid;
    private readonly bool isTls;
    private Process? keeper;
    private int serverId;

    private RedisServer(IReadOnlyList<string> settings, string readyWhenSaid = "Ready to accept connections", bool isTls = false)
    {
        this.isTls = isTls;
        folder = Directory.CreateTempSubdirectory("swarmpool-redis-").FullName;
        Port = FreePort();
        this.settings = settings;
        this.readyWhenSaid = readyWhenSaid;
    }

    /// <summary>The settings of a server that keeps what it acknowledges.</summary>
    public static IReadOnlyList<string> Durable { get; } = ["--appendonly", "yes", "--appendfsync", "always"];

    /// <summary>Its port. A restart keeps it.</summary>
    public int Port { get; private set; }

    /// <summary>Where it is, as StackExchange.Redis writes it.</summary>
    public string Configuration => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>The folder with its log and its data.</summary>
    public string Folder => folder;

    /// <summary>The id of its process; 0 while it does not run.</summary>
    public int ProcessId => serverId;

    /// <summary>Starts a server with many databases and no snapshots by the clock.</summary>
    /// <param name="settings">More settings, e.g. <see cref="Durable"/>: a name with two dashes, then its values.</param>
    public static Task<RedisServer> StartAsync(params IReadOnlyList<string> settings) =>
        StartAsync(() => new RedisServer(["--databases", "4096", "--save", "", .. settings]));

    /// <summary>Starts a server that speaks TLS and nothing else.</summary>
    /// <param name="settings">More settings, those of <see cref="TestAuthority.ServerSettings"/> among them.</param>
    public static Task<RedisServer> StartTlsAsync(params IReadOnlyList<string> settings) =>
        StartAsync(() => new RedisServer(["--databases", "4096", "--save", "", .. settings], isTls: true));

    /// <summary>Starts a node of a cluster, which has no slots yet.</summary>
    /// <param name="settings">More settings.</param>
    public static Task<RedisServer> StartNodeAsync(params IReadOnlyList<string> settings) => StartAsync(
        () => new RedisServer(["--save", "", "--cluster-enabled", "yes", "--cluster-port", FreePort().ToString(CultureInfo.InvariantCulture), .. settings]));

    /// <summary>Starts a replica of this server.</summary>
    public Task<RedisServer> StartReplicaAsync(params IReadOnlyList<string> more) =>
        StartAsync(["--replicaof", "127.0.0.1", Port.ToString(CultureInfo.InvariantCulture), .. more]);

    /// <summary>Starts a Sentinel that watches this server under a name, is content with itself. It pings once a second, and takes two without an answer for a death.</summary>
    public Task<RedisServer> StartSentinelAsync(string name) => StartAsync(() =>
    {
        var sentinel = new RedisServer([], readyWhenSaid: "Sentinel ID is");
        var file = Path.Combine(sentinel.folder, "sentinel.conf");
        File.WriteAllText(
            file,
            string.Create(CultureInfo.InvariantCulture, $"sentinel monitor {name} 127.0.0.1 {Port} 1\nsentinel down-after-milliseconds {name} 2000\nsentinel failover-timeout {name} 5000\n"));
        return sentinel;
    });

    private static async Task<RedisServer> StartAsync(Func<RedisServer> make)
    {
        for (var attempt = 1; ; attempt++)
        {
            var server = make();
            try
            {
                await server.StartAgainAsync();
                return server;
            }
            catch (InvalidOperationException e) when (attempt < Attempts && e.Message.Contains("in use", StringComparison.OrdinalIgnoreCase))
            {
                await server.DisposeAsync(); // Somebody else took the port in between.
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Starts it again, with the same data on the same port.</summary>
    /// <param name="more">Settings for this time.</param>
    public async Task StartAgainAsync(params IReadOnlyList<string> more)
    {
        var sentinel = Path.Combine(folder, "sentinel.conf");
        var port = Port.ToString(CultureInfo.InvariantCulture);
        string[] arguments =
        [
            "redis-server", .. File.Exists(sentinel) ? new[] { sentinel } : [], .. isTls ? new[] { "--port", "0", "--tls-port", port } : ["--port", port], "--bind", "127.0.0.1", "--dir", folder,
            .. settings, .. more, .. File.Exists(sentinel) ? new[] { "--sentinel" } : [],
        ];
        var start = new ProcessStartInfo("bash", ["-c", "exec 3<&0 </dev/null;" + Keeper, "redis", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        keeper = Process.Start(start) ?? throw new InvalidOperationException("redis-server did not start.");
        _ = keeper.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(StartLimit);
        var said = new List<string>();
        while (await keeper.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            said.Add(line);
            if (line.StartsWith("pid ", StringComparison.Ordinal))
            {
                serverId = int.Parse(line.AsSpan(4), CultureInfo.InvariantCulture);
            }
            else if (line.Contains(readyWhenSaid, StringComparison.Ordinal))
            {
                _ = keeper.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return;
            }
        }

        await StopKeeperAsync();
        throw new InvalidOperationException($"redis-server did not start (is it installed? ./test.sh does that):\n{string.Join('\n', said)}");
    }

    /// <summary>Asks it by <c>redis-cli</c>.</summary>
    /// <param name="command">A command with its arguments.</param>
    /// <returns>The answer, a line a value.</returns>
    /// <exception cref="InvalidOperationException">It answers an error, or not at all.</exception>
    public Task<string> AskAsync(params IReadOnlyList<string> command) => RedisCli.RunAsync(["-p", Port.ToString(CultureInfo.InvariantCulture), .. command]);

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (serverId != 0)
        {
            _ = Kill(serverId, SigKill); // It may have ended by itself.
            await StopKeeperAsync();
        }
    }

    /// <summary>SIGSTOP: it stands still, as when its machine is paused.</summary>
    public void Pause() => Signal(SigStop);

    /// <summary>SIGCONT: it goes on.</summary>
    public void Continue() => Signal(SigCont);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(folder, recursive: true);
    }

    // Not one that the system gives to connections, who would have it while the server is down.
    private static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(FirstPort, LastPort);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                continue; // Taken.
            }
        }
    }

    private async Task StopKeeperAsync()
    {
        if (keeper is { } running)
        {
            (keeper, serverId) = (null, 0);
            running.StandardInput.Close();
            await running.WaitForExitAsync();
            running.Dispose();
        }
    }

    private void Signal(int signal)
    {
        if (serverId == 0 || Kill(serverId, signal) != 0)
        {
            throw new InvalidOperationException($"The Redis server {serverId} does not run.");
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
