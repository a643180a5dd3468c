using SwarmPool.Load.Measuring;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;

namespace SwarmPool.Load.Driving;

/// <summary>Submits jobs that nobody claims, so many at a time, each signed when it is sent so that the driver holds none.</summary>
internal sealed class JobFeeder(PoolUnderLoad pool, Messages messages, int jobs)
{
    private const int InFlight = 1024;

    public Usage Feed()
    {
        using var ear = new AnnouncementRecorder(pool.Net);
        var begin = Usage.Now();
        var accepted = 0;
        for (var sent = 0; accepted < jobs;)
        {
            for (; sent < jobs && sent - accepted < InFlight; sent++)
            {
                pool.Net.Send(Topics.Of(Crowd.Pool, Topics.Jobs), messages.Sign(messages.Job(Crowd.Client(sent % 1000))).Bytes, "clients");
            }

            var said = ear.Next(TimeSpan.FromSeconds(20))
                ?? throw new TimeoutException($"The daemon took {accepted} of {jobs} jobs, then it was silent. Refused: {pool.Refusals()}");
            accepted += said is JobsNew a ? a.Items.Count : 0;
        }

        return Usage.Now() - begin;
    }
}
