using System.Diagnostics;
using SwarmPool.Load.Measuring;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Load.Driving;

/// <summary>Clients that send a job now and then, each over a peer of its own, and repeat it every half second until it is announced.</summary>
internal sealed class HonestClients(PoolUnderLoad pool, Messages messages, int clients)
{
    private static readonly TimeSpan Repeat = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<Cid, Waiting> waiting = [];
    private readonly List<(double At, double Milliseconds)> answered = [];
    private int sent;
    private int repeated;

    /// <summary>Sends for so long, then waits until all is answered or patience ends.</summary>
    /// <param name="seconds">How long new jobs are sent.</param>
    /// <param name="perSecond">Of all clients together.</param>
    /// <param name="patience">How long the last answers are waited for.</param>
    public HonestRun Drive(double seconds, double perSecond, TimeSpan patience)
    {
        using var ear = new AnnouncementRecorder(pool.Net);
        var begun = Stopwatch.GetTimestamp();
        long mostWaiting = 0;
        double mostResident = 0;
        var looked = 0.0;
        while (true)
        {
            var now = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            if (now > seconds && (waiting.Count == 0 || now > seconds + patience.TotalSeconds))
            {
                return new HonestRun(sent, repeated, waiting.Count, answered, mostWaiting, mostResident);
            }

            mostWaiting = Math.Max(mostWaiting, pool.Counters.Waiting);
            if (now > looked + 0.2)
            {
                (looked, mostResident) = (now, Math.Max(mostResident, Memory.ResidentMiB));
            }

            SendDue(Math.Min(now, seconds) * perSecond);
            if (ear.Next(TimeSpan.FromMilliseconds(2)) is JobsNew said)
            {
                Hear(said, now);
            }
        }
    }

    private void SendDue(double due)
    {
        for (; sent < due; sent++)
        {
            var client = Crowd.Client(sent % clients);
            var job = messages.Sign(messages.Job(client));
            waiting.Add(job.Cid, new Waiting(job.Bytes, client.Text, Stopwatch.GetTimestamp()));
            Send(waiting[job.Cid]);
        }

        foreach (var one in waiting.Values.Where(w => Stopwatch.GetElapsedTime(w.LastSent) > Repeat))
        {
            repeated++;
            Send(one);
        }
    }

    private void Send(Waiting one)
    {
        one.LastSent = Stopwatch.GetTimestamp();
        pool.Net.Send(Topics.Of(Crowd.Pool, Topics.Jobs), one.Bytes, one.Peer);
    }

    private void Hear(JobsNew said, double now)
    {
        foreach (var item in said.Items)
        {
            if (waiting.Remove(item.Cid, out var one))
            {
                answered.Add((now, Stopwatch.GetElapsedTime(one.FirstSent).TotalMilliseconds));
            }
        }
    }

    private sealed class Waiting(ReadOnlyMemory<byte> bytes, string peer, long firstSent)
    {
        public ReadOnlyMemory<byte> Bytes { get; } = bytes;

        public string Peer { get; } = peer;

        public long FirstSent { get; } = firstSent;

        public long LastSent { get; set; } = firstSent;
    }
}

/// <summary>What honest clients went through.</summary>
/// <param name="Sent">Jobs sent.</param>
/// <param name="Repeated">How often one had to be sent again.</param>
/// <param name="Unanswered">Jobs that were never announced.</param>
/// <param name="Answered">When (seconds from the begin), and after how many milliseconds.</param>
/// <param name="MostWaiting">The most messages that waited in the daemon's queues.</param>
/// <param name="MostResidentMiB">The most resident memory of the process, driver included.</param>
internal sealed record HonestRun(
    int Sent, int Repeated, int Unanswered, IReadOnlyList<(double At, double Milliseconds)> Answered, long MostWaiting, double MostResidentMiB)
{
    public IReadOnlyList<double> Latencies => [.. Answered.Select(a => a.Milliseconds)];
}
