using System.Net.Sockets;
using SwarmPool.Plugins.Embedded.Tests.Transport;

namespace SwarmPool.Hostile.Tests.Floods;

/// <summary>Connections that publish as fast as the broker reads, each on a thread of its own, and what else a flood has open.</summary>
internal sealed class Flood : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> running = [];
    private long sent;

    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Publishes what <paramref name="next"/> gives, until the flood ends; comes back when it is cut off.</summary>
    /// <param name="port">The broker's.</param>
    /// <param name="name">What the connection calls itself.</param>
    /// <param name="next">What to say next.</param>
    /// <param name="most">So many a second at the most; null: as fast as they are read.</param>
    public void Publish(int port, string name, Func<(string Topic, ReadOnlyMemory<byte> Bytes)> next, int? most = null) => running.Add(Task.Factory.StartNew(
        () =>
        {
            var (begun, said) = (TimeProvider.System.GetTimestamp(), 0L);
            for (var life = 0; !stop.IsCancellationRequested; life++)
            {
                try
                {
                    using var raw = RawMqtt.OpenAsync(port).GetAwaiter().GetResult();
                    raw.ConnectAsync($"{name}-{life}").GetAwaiter().GetResult();
                    using var hangUp = stop.Token.Register(raw.Dispose);
                    while (!stop.IsCancellationRequested)
                    {
                        for (said++; said > most * TimeProvider.System.GetElapsedTime(begun).TotalSeconds;)
                        {
                            Thread.Sleep(1);
                        }

                        var (topic, bytes) = next();
                        raw.Publish(topic, bytes.Span);
                        Interlocked.Increment(ref sent);
                    }
                }
                catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
                {
                    Thread.Sleep(20); // Cut off, or stopped.
                }
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default));

    /// <summary>Subscribes and never reads; comes back when it is cut off.</summary>
    public void SubscribeDeaf(int port, string name, params IReadOnlyList<string> topics) => running.Add(Task.Run(async () =>
    {
        for (var life = 0; !stop.IsCancellationRequested; life++)
        {
            try
            {
                using var raw = await RawMqtt.OpenAsync(port);
                await raw.ConnectAsync($"{name}-{life}");
                foreach (var topic in topics)
                {
                    await raw.SubscribeAsync(topic);
                }

                while (!stop.IsCancellationRequested && raw.IsOpen)
                {
                    await Task.Delay(100, stop.Token);
                }
            }
            catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException)
            {
                await Task.Delay(20);
            }
        }
    }));

    /// <summary>Connects, says nothing, and connects again whenever the broker has enough of it.</summary>
    public void Idle(int port, int connections) => running.Add(Task.Run(async () =>
    {
        var idle = new List<RawMqtt>();
        while (!stop.IsCancellationRequested)
        {
            idle.RemoveAll(static one => !one.IsOpen);
            try
            {
                while (idle.Count < connections && !stop.IsCancellationRequested)
                {
                    idle.Add(await RawMqtt.OpenAsync(port));
                    Interlocked.Increment(ref sent);
                }
            }
            catch (SocketException)
            {
                // Refused: the next try may find a place.
            }

            await Task.Delay(50);
        }

        idle.ForEach(static one => one.Dispose());
    }));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(running);
        stop.Dispose();
    }
}
