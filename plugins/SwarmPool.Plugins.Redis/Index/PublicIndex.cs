using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Index;

/// <summary>
/// The keys that outsiders read: <c>{pool}:state:cid</c>, <c>{pool}:epochs:ID</c> and <c>{pool}:epochs:history</c>, the newest first. Of a
/// pool's files it takes the state and the epochs; an epoch stays for ever.
/// </summary>
/// <remarks>Written in the background. A daemon that no longer leads writes nothing.</remarks>
internal sealed class PublicIndex : IPublicTree, IAsyncDisposable
{
    private const string StateFile = "state.json";
    private const string EpochFolder = "epochs/";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly string IndexScript = Script.Read("Index.Scripts.index");

    private readonly Lock gate = new();
    private readonly ServerLink link;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Func<string> fence;
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task writing;
    private Dictionary<string, Cid> unwritten = new(StringComparer.Ordinal);
    private string pool = "";

    /// <param name="link">The server.</param>
    /// <param name="time">The clock of its pauses.</param>
    /// <param name="logger">Is told when it is behind.</param>
    /// <param name="fence">The fence under which it is written; "" for none.</param>
    public PublicIndex(ServerLink link, TimeProvider time, ILogger logger, Func<string>? fence = null)
    {
        this.link = link;
        this.time = time;
        this.logger = logger;
        this.fence = fence ?? (static () => "");
        writing = WriteAsync();
    }

    public int MaxFiles => int.MaxValue;

    public void Show(string pool, IReadOnlyCollection<PublicFile> files, bool isAll)
    {
        lock (gate)
        {
            this.pool = pool;
            foreach (var file in files)
            {
                if (!file.Content.IsEmpty && (file.Path == StateFile || file.Path.StartsWith(EpochFolder, StringComparison.Ordinal)))
                {
                    unwritten[file.Path] = file.Content;
                }
            }
        }

        wake.Writer.TryWrite(true);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await writing;
        stop.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var _ in wake.Reader.ReadAllAsync(stop.Token))
            {
                var (name, files) = Take();
                try
                {
                    await WriteAsync(new PoolKeys(name), files);
                }
                catch (Exception e) when (ServerTrouble.Is(e) && !stop.IsCancellationRequested)
                {
                    Log.IndexBehind(logger, link.Location, e.Message);
                    GiveBack(files);
                    await Task.Delay(Pause, time, stop.Token);
                }
            }
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return; // Whatever was under way is told again by the next daemon.
        }
    }

    private async Task WriteAsync(PoolKeys keys, Dictionary<string, Cid> files)
    {
        var epochs = files.Where(static file => file.Key != StateFile).Select(static file => (Id: file.Key[EpochFolder.Length..], file.Value)).OrderBy(static epoch => NumberOf(epoch.Id)).ToList();
        var state = files.TryGetValue(StateFile, out var cid) ? cid.ToString() : "";
        if (epochs.Count == 0 && state.Length == 0)
        {
            return;
        }

        await link.CallAsync(
            (database, _) => database.ScriptEvaluateAsync(
                IndexScript,
                [keys.Lease, keys.StateCid, keys.EpochHistory, .. epochs.Select(epoch => keys.Epoch(epoch.Id))],
                [fence(), state, .. epochs.Select(static epoch => (RedisValue)epoch.Value.ToString())],
                CommandFlags.DemandMaster),
            stop.Token);
    }

    private (string Pool, Dictionary<string, Cid> Files) Take()
    {
        lock (gate)
        {
            var taken = unwritten;
            unwritten = new(StringComparer.Ordinal);
            return (pool, taken);
        }
    }

    // A newer word on a file counts.
    private void GiveBack(Dictionary<string, Cid> files)
    {
        lock (gate)
        {
            foreach (var (path, cid) in files)
            {
                unwritten.TryAdd(path, cid);
            }
        }

        wake.Writer.TryWrite(true);
    }

    private static long NumberOf(string epoch) =>
        long.TryParse(epoch.AsSpan(epoch.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
