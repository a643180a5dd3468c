using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Ipfs.InlineContents;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.PubSub;

/// <summary>A topic's messages as the node streams them; the stream is opened again whenever it breaks.</summary>
internal sealed class IpfsTopicFeed : ITopicFeed
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private const int Remembered = 8192;

    private readonly string topic;
    private readonly PubSubCalls calls;
    private readonly InlineContent inlineContent;
    private readonly Action<string, ReadOnlyMemory<byte>, string> deliver;
    private readonly Action reconnected;
    private readonly NodeLink node;
    private readonly TimeSpan patience;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SeenMessages seen = new(Remembered);
    private readonly Task running;
    private Exception? lastFault;

    /// <param name="topic">The topic.</param>
    /// <param name="calls">The node.</param>
    /// <param name="inlineContent">Takes contents out of the messages that they came with.</param>
    /// <param name="deliver">Takes the topic, a message and who published it.</param>
    /// <param name="reconnected">Told when the stream is back.</param>
    /// <param name="node">Is told whether the node streams the topic.</param>
    /// <param name="patience">How long a subscriber waits for the node.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public IpfsTopicFeed(
        string topic,
        PubSubCalls calls,
        InlineContent inlineContent,
        Action<string, ReadOnlyMemory<byte>, string> deliver,
        Action reconnected,
        NodeLink node,
        TimeSpan patience,
        TimeProvider time,
        ILogger logger)
    {
        this.topic = topic;
        this.calls = calls;
        this.inlineContent = inlineContent;
        this.deliver = deliver;
        this.reconnected = reconnected;
        this.node = node;
        this.patience = patience;
        this.time = time;
        this.logger = logger;
        running = RunAsync();
    }

    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Our node has told its neighbours before it answered, and tells them what we publish next after it: so the answer to
            // what is asked from now on will arrive.
            await listening.Task.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            var fault = Volatile.Read(ref lastFault);
            throw new TransportException(
                TransportFault.Unavailable,
                $"The IPFS node at {calls.Node} did not take the subscription to {topic} within {patience.TotalSeconds:0} s{(fault is null ? "." : $": {fault.Message}")}",
                fault ?? late);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        node.Back(topic);
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
                node.Lost(topic, "it ended the stream of a topic");
                IpfsLog.FeedLost(logger, topic, $"{calls.Node}", "the node ended it", pause);
            }
            catch (TransportException e)
            {
                Volatile.Write(ref lastFault, e);
                node.Lost(topic, e.Message);
                IpfsLog.FeedLost(logger, topic, $"{calls.Node}", e.Message, pause);
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
            node.Back(topic);
            if (!listening.TrySetResult())
            {
                IpfsLog.FeedBack(logger, topic, $"{calls.Node}");
                reconnected();
            }
        }

        await foreach (var said in calls.SubscribeAsync(topic, Subscribed, () => IpfsLog.LineSkipped(logger, topic), stop.Token))
        {
            if (!seen.IsNew(said.From, said.SequenceNumber))
            {
                continue;
            }

            if (!Multibase.TryDecode(said.Data, out var payload) || !inlineContent.TryOpen(payload, out var message) || message.Length > PubSubRules.MessageBytes)
            {
                IpfsLog.LineSkipped(logger, topic);
                continue;
            }

            deliver(topic, message, said.From ?? "");
        }
    }
}
