using System.Diagnostics;
using SwarmPool.Runtime.Messaging;

namespace SwarmPool.Load.Driving;

/// <summary>Valid jobs, signed before, by so many names through so many peers, sent over and over as fast as told on a thread of its own.</summary>
internal sealed class Flood
{
    private readonly PoolUnderLoad pool;
    private readonly List<(ReadOnlyMemory<byte> Bytes, string Peer)> ammunition = [];
    private long sent;

    public Flood(PoolUnderLoad pool, Messages messages, int names, int peers, int jobs)
    {
        this.pool = pool;
        for (var i = 0; i < jobs; i++)
        {
            var name = Identity.EnsName.Parse(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"flood{i % names}.load.eth"));
            ammunition.Add((messages.Sign(messages.Job(name)).Bytes, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"flood{i % peers}")));
        }
    }

    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Sends until cancelled, or until so many are sent.</summary>
    public Task RunAsync(double perSecond, long most, CancellationToken stop) => DriverThread.RunAsync(() =>
    {
        var topic = Topics.Of(Crowd.Pool, Topics.Jobs);
        var begun = Stopwatch.GetTimestamp();
        while (!stop.IsCancellationRequested && Sent < most)
        {
            for (var due = (long)(Stopwatch.GetElapsedTime(begun).TotalSeconds * perSecond); Sent < Math.Min(due, most);)
            {
                var (bytes, peer) = ammunition[(int)(Sent % ammunition.Count)];
                pool.Net.Send(topic, bytes, peer);
                Interlocked.Increment(ref sent);
            }

            Thread.Sleep(1);
        }

        return Sent;
    });
}
