using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Transport;

/// <summary>
/// A topic that this party listens to. Of a topic kept as a stream the channel is only the bell: at each ring, and now and then in case
/// one was missed, the stream is read on from where it was left. So a lost connection costs no message.
/// </summary>
internal sealed class TopicFeed : IAsyncDisposable
{
    private const int PageMessages = 64;
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(1);
    private static readonly string PositionScript = Script.Read("Transport.Scripts.position");

    private readonly string topic;
    private readonly string name;
    private readonly bool isStream;
    private readonly ServerLink link;
    private readonly TimeSpan backlog;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim beginning = new(1, 1);
    private volatile SubscriptionQueue[] listeners = [];
    private Task reading = Task.CompletedTask;
    private bool hasBegun;

    public TopicFeed(string topic, string name, bool isStream, ServerLink link, TimeSpan backlog, TimeProvider time, ILogger logger)
    {
        this.topic = topic;
        this.name = name;
        this.isStream = isStream;
        this.link = link;
        this.backlog = backlog;
        this.time = time;
        this.logger = logger;
    }

    public IReadOnlyList<SubscriptionQueue> Listeners => listeners;

    /// <summary>The caller holds the lock that guards who listens.</summary>
    public void Add(SubscriptionQueue one) => listeners = [.. listeners, one];

    /// <summary>The caller holds the lock that guards who listens. True when nobody is left.</summary>
    public bool Remove(SubscriptionQueue one)
    {
        listeners = [.. listeners.Where(other => other != one)];
        return listeners.Length == 0;
    }

    /// <summary>Completes when messages that are published from then on will arrive.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await beginning.WaitAsync(cancellationToken);
        try
        {
            if (hasBegun)
            {
                return;
            }

            await link.CallAsync(SubscribeAsync, cancellationToken);
            if (isStream)
            {
                var position = await link.CallAsync(
                    (database, _) => database.ScriptEvaluateAsync(PositionScript, [name], [(long)backlog.TotalMilliseconds], CommandFlags.DemandMaster), cancellationToken);
                link.SubscriptionsRestored += Ring;
                reading = ReadAsync((string)position!);
                Ring();
            }

            hasBegun = true;
        }
        finally
        {
            beginning.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        link.SubscriptionsRestored -= Ring;
        await stop.CancelAsync();
        await reading;
        if (hasBegun)
        {
            await LeaveAsync();
        }

        stop.Dispose();
    }

    private async Task<bool> SubscribeAsync(IDatabase database, int before)
    {
        var subscriber = database.Multiplexer.GetSubscriber();
        var channel = RedisChannel.Literal(name);
        if (before > 0)
        {
            await subscriber.UnsubscribeAsync(channel); // What was tried before may have been half done.
        }

        var messages = await subscriber.SubscribeAsync(channel);
        messages.OnMessage(message =>
        {
            if (isStream)
            {
                Ring();
            }
            else
            {
                Deliver(message.Message);
            }
        });
        return true;
    }

    private async Task LeaveAsync()
    {
        try
        {
            if (link.IsConnected)
            {
                await (await link.SubscriberAsync(CancellationToken.None)).UnsubscribeAsync(RedisChannel.Literal(name));
            }
        }
        catch (Exception e) when (ServerTrouble.Is(e))
        {
            Log.TopicNotLeft(logger, topic, link.Location, e.Message); // It goes with the connection.
        }
    }

    private async Task ReadAsync(string position)
    {
        var pause = TimeSpan.Zero;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, time, stop.Token);
                await HeardAsync();
                position = await ReadOnAsync(position);
                pause = TimeSpan.Zero;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (ServerTrouble.Is(e))
            {
                if (stop.IsCancellationRequested)
                {
                    return;
                }

                pause = LookAnyway;
                Ring();
                Log.TopicBehind(logger, topic, link.Location, e.Message);
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
                Deliver(entry.Values.Length == 1 ? entry.Values[0].Value : default);
                position = (string)entry.Id!;
            }

            if (page.Length < PageMessages)
            {
                return position;
            }
        }
    }

    private void Ring() => bell.Writer.TryWrite(true);

    private void Deliver(RedisValue value)
    {
        ReadOnlyMemory<byte> message = value;
        if (value.IsNull || message.Length > PubSubRules.MessageBytes)
        {
            Log.MessageSkipped(logger, topic, message.Length);
            return;
        }

        // Who sent it the server does not tell.
        foreach (var listener in listeners)
        {
            listener.Deliver(message.Span, "");
        }
    }
}
