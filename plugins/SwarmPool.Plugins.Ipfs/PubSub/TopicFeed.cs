using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Ipfs.Enclosures;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.PubSub;

/// <summary>What a node says of one topic, for all who listen here: one stream, begun anew whenever it breaks, until the last has left.</summary>
internal sealed class TopicFeed : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private const int Remembered = 8192;

    private readonly string topic;
    private readonly PubSubCalls calls;
    private readonly EnclosureDesk enclosures;
    private readonly Action reconnected;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SeenMessages seen = new(Remembered);
    private readonly Task running;
    private volatile SubscriptionQueue[] listeners = [];
    private Exception? lastFault;

    public TopicFeed(string topic, PubSubCalls calls, EnclosureDesk enclosures, Action reconnected, TimeProvider time, ILogger logger)
    {
        this.topic = topic;
        this.calls = calls;
        this.enclosures = enclosures;
        this.reconnected = reconnected;
        this.time = time;
        this.logger = logger;
        running = RunAsync();
    }

    /// <summary>Completes when the node has listened once.</summary>
    public Task Listening => listening.Task;

    /// <summary>Why it does not listen yet.</summary>
    public Exception? LastFault => Volatile.Read(ref lastFault);

    public IReadOnlyList<SubscriptionQueue> Listeners => listeners;

    /// <summary>The caller holds the lock that guards who listens.</summary>
    public void Add(SubscriptionQueue one) => listeners = [.. listeners, one];

    /// <summary>The caller holds the lock that guards who listens. True when nobody is left.</summary>
    public bool Remove(SubscriptionQueue one)
    {
        listeners = [.. listeners.Where(other => other != one)];
        return listeners.Length == 0;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(() => pause = FirstPause);
                Log.FeedLost(logger, topic, $"{calls.Node}", "the node ended it", pause);
            }
            catch (TransportException e)
            {
                Volatile.Write(ref lastFault, e);
                Log.FeedLost(logger, topic, $"{calls.Node}", e.Message, pause);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await Task.Delay(pause, time, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task ListenAsync(Action began)
    {
        void Subscribed()
        {
            began();
            if (!listening.TrySetResult())
            {
                Log.FeedBack(logger, topic, $"{calls.Node}");
                reconnected();
            }
        }

        await foreach (var said in calls.SubscribeAsync(topic, Subscribed, () => Log.LineSkipped(logger, topic), stop.Token))
        {
            if (!seen.IsNew(said.From, said.SequenceNumber))
            {
                continue;
            }

            if (!Multibase.TryDecode(said.Data, out var payload) || !enclosures.TryOpen(payload, out var message) || message.Length > PubSubRules.MessageBytes)
            {
                Log.LineSkipped(logger, topic);
                continue;
            }

            foreach (var listener in listeners)
            {
                listener.Deliver(message.Span, said.From ?? "");
            }
        }
    }
}
