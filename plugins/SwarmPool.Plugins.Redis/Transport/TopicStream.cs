using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;

namespace SwarmPool.Plugins.Redis.Transport;

/// <summary>
/// A topic's stream, read on from where it was left: at each signal, and regularly in case one was missed. So a lost
/// connection costs no message.
/// </summary>
internal sealed class TopicStream(string topic, string name, ServerConnection connection, TimeSpan backlog, TimeProvider time, ILogger logger, Action<RedisValue> deliver) : IAsyncDisposable
{
    private const int PageMessages = 64;
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(1);
    private static readonly string PositionScript = Script.Read("Transport.Scripts.position");

    private readonly CancellationTokenSource stop = new();
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Task reading = Task.CompletedTask;

    /// <summary>Finds where to begin, and reads from there on.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        var position = await connection.CallAsync(
            (database, _) => database.ScriptEvaluateAsync(PositionScript, [name], [(long)backlog.TotalMilliseconds], CommandFlags.DemandMaster), cancellationToken);
        connection.SubscriptionsRestored += Signal;
        reading = ReadAsync((string)position!);
        Signal();
    }

    /// <summary>Says that there is something to read.</summary>
    public void Signal() => signal.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        connection.SubscriptionsRestored -= Signal;
        await stop.CancelAsync();
        await reading;
        stop.Dispose();
    }

    private async Task ReadAsync(string position)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await SignalledAsync();
                position = await ReadOnAsync(position);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (ServerFault.Is(e))
            {
                // The connection is closed before its topics are left, or the server is away: then it is looked again in a while.
                if (!stop.IsCancellationRequested)
                {
                    RedisLog.TopicBehind(logger, topic, connection.Location, ServerFault.Said(e));
                }
            }
        }
    }

    /// <summary>Returns at a signal, or when it is time to look anyway.</summary>
    private async Task SignalledAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        await using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, LookAnyway, Timeout.InfiniteTimeSpan);
        try
        {
            await signal.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task<string> ReadOnAsync(string position)
    {
        while (true)
        {
            var after = position;
            var page = await connection.CallAsync(
                (database, _) => database.StreamRangeAsync(name, "(" + after, "+", PageMessages, Order.Ascending, CommandFlags.DemandMaster), stop.Token);
            foreach (var entry in page)
            {
                deliver(entry.Values.Length == 1 ? entry.Values[0].Value : default);
                position = (string)entry.Id!;
            }

            if (page.Length < PageMessages)
            {
                return position;
            }
        }
    }
}
