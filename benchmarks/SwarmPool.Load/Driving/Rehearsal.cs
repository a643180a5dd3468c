using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;

namespace SwarmPool.Load.Driving;

/// <summary>What comes before a round: miners join, messages are signed.</summary>
internal static class Rehearsal
{
    /// <summary>Registers miners and waits until all have joined.</summary>
    public static void Join(PoolUnderLoad pool, Messages messages, int miners)
    {
        using var ear = new AnnouncementRecorder(pool.Net);
        foreach (var number in Enumerable.Range(0, miners))
        {
            pool.Net.Send(Topics.Of(Crowd.Pool, Topics.Miners), messages.Sign(messages.Registration(Crowd.Miner(number))).Bytes, "miners");
        }

        for (var joined = 0; joined < miners;)
        {
            var said = ear.Next(TimeSpan.FromSeconds(20)) ?? throw new TimeoutException($"{joined} of {miners} miners have joined, then silence. Refused: {pool.Refusals()}");
            joined += said is MinersJoined a ? a.Items.Count : 0;
        }
    }

    /// <summary>Signs jobs and claims of as many clients and miners; each output is stored.</summary>
    public static List<JobTracker> Sign(PoolUnderLoad pool, Messages messages, int jobs, int clients, int miners)
    {
        var courses = new List<JobTracker>(jobs);
        for (var i = 0; i < jobs; i++)
        {
            var job = messages.Sign(messages.Job(Crowd.Client(i % clients)));
            var miner = Crowd.Miner(i % miners);
            courses.Add(new JobTracker
            {
                Cid = job.Cid,
                Miner = miner,
                Job = job.Bytes,
                Claim = messages.Sign(messages.Claim(job.Cid, miner)).Bytes,
                Output = pool.Net.Put(BitConverter.GetBytes((long)i)),
            });
        }

        return courses;
    }
}
