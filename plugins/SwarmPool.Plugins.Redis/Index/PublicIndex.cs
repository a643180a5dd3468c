using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Index;

/// <summary>
/// The keys that outsiders read: <c>{pool}:state:cid</c>, <c>{pool}:epochs:ID</c> and <c>{pool}:epochs:history</c>, the newest epoch first.
/// </summary>
/// <remarks>Written in the background, under the fence of the lease that this process holds: a daemon that no longer leads writes nothing.</remarks>
internal sealed class PublicIndex : IPublicIndex, IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly string IndexScript = Script.Read("Index.Scripts.index");

    private readonly Lock gate = new();
    private readonly ServerConnection connection;
    private readonly Func<long> fence;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task writing;
    private PendingUpdate pending = new("", default, []);

    /// <param name="connection">The server.</param>
    /// <param name="fence">The fence of the lease that is held; 0 for none.</param>
    /// <param name="time">The clock of its pauses.</param>
    /// <param name="logger">Is told when it is behind.</param>
    public PublicIndex(ServerConnection connection, Func<long> fence, TimeProvider time, ILogger logger)
    {
        this.connection = connection;
        this.fence = fence;
        this.time = time;
        this.logger = logger;
        writing = WriteAsync();
    }

    public void Show(string pool, Cid state, IReadOnlyList<PublicEpoch> epochs)
    {
        lock (gate)
        {
            pending = new PendingUpdate(pool, state, [.. pending.Epochs, .. epochs]);
        }

        wake.Writer.TryWrite(true);
    }

    public async ValueTask DisposeAsync()
    {
        // What was said last is written yet, unless the server is away.
        wake.Writer.TryComplete();
        if (!connection.IsConnected)
        {
            await stop.CancelAsync();
        }

        await writing;
        stop.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var _ in wake.Reader.ReadAllAsync(stop.Token))
            {
                var update = Take();
                try
                {
                    await WriteAsync(update, new PoolKeys(update.Pool));
                }
                catch (Exception e) when (ServerFault.Is(e) && !stop.IsCancellationRequested)
                {
                    RedisLog.IndexBehind(logger, connection.Location, ServerFault.Said(e));
                    PutBack(update);
                    await Task.Delay(Pause, time, stop.Token);
                }
            }
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return; // Whatever was under way is said again by the next daemon.
        }
    }

    private Task<RedisResult> WriteAsync(PendingUpdate update, PoolKeys keys) => connection.CallAsync(
        (database, _) => database.ScriptEvaluateAsync(
            IndexScript,
            [keys.Lease, keys.StateCid, keys.EpochHistory, .. update.Epochs.Select(epoch => keys.Epoch(epoch.Id))],
            [fence(), update.State.ToString(), .. update.Epochs.Select(static epoch => (RedisValue)epoch.Content.ToString())],
            CommandFlags.DemandMaster),
        stop.Token);

    private PendingUpdate Take()
    {
        lock (gate)
        {
            var taken = pending;
            pending = taken with { Epochs = [] };
            return taken;
        }
    }

    // The state is said again soon; an epoch is not.
    private void PutBack(PendingUpdate update)
    {
        lock (gate)
        {
            pending = pending with { Epochs = [.. update.Epochs, .. pending.Epochs] };
        }

        wake.Writer.TryWrite(true);
    }

    private sealed record PendingUpdate(string Pool, Cid State, IReadOnlyList<PublicEpoch> Epochs);
}
