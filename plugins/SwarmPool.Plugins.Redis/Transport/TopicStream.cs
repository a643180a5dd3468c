using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;

namespace SwarmPool.Plugins.Redis.Transport;

/// <summary>
/// A topic's stream, read on from where it was left: at each ring of its bell, and now and then in case one was missed. So a lost
/// connection costs no message.
/// </summary>
internal sealed class TopicStream(string topic, string name, ServerLink link, TimeSpan backlog, TimeProvider time, ILogger logger, Action<RedisValue> deliver) : IAsyncDisposable
{
    private const int PageMessages = 64;
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(1);
    private static readonly string PositionScript = Script.Read("Transport.Scripts.position");

    private readonly CancellationTokenSource stop = new();
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Task reading = Task.CompletedTask;

    /// <summary>Finds where to begin, and reads from there on.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        var position = await link.CallAsync(
            (database, _) => database.ScriptEvaluateAsync(PositionScript, [name], [(long)backlog.TotalMilliseconds], CommandFlags.DemandMaster), cancellationToken);
        link.SubscriptionsRestored += Ring;
        reading = ReadAsync((string)position!);
        Ring();
    }

    /// <summary>Says that there is something to read.</summary>
    public void Ring() => bell.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        link.SubscriptionsRestored -= Ring;
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
                await HeardAsync();
                position = await ReadOnAsync(position);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (ServerTrouble.Is(e))
            {
                // The link is closed before its topics are left, or the server is away: then it is looked again in a while.
                if (!stop.IsCancellationRequested)
                {
                    Log.TopicBehind(logger, topic, link.Location, e.Message);
                }
            }
        }
    }

    /// <summary>Returns when the bell rang, or when it is time to look anyway.</summary>
    private async Task HeardAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        await using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, LookAnyway, Timeout.InfiniteTimeSpan);
        try
        {
            await bell.Reader.ReadAsync(limit.Token);
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
            var page = await link.CallAsync(
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
