using System.Diagnostics;
using SwarmPool.Load.Measuring;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Load.Driving;

/// <summary>
/// Takes jobs through their whole course: submits at its pace, claims what is announced, proves what is claimed.
/// Jobs and claims are signed before; a proof names the fence that the daemon gave, so it is signed on the way.
/// </summary>
internal sealed class JobDriver(PoolUnderLoad pool, Messages messages, IReadOnlyList<JobTracker> courses, Pace pace)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Dictionary<Cid, JobTracker> open = [];
    private readonly List<double> job = [];
    private readonly List<double> claim = [];
    private readonly List<double> proof = [];
    private int sent;
    private int done;

    public JobRun Drive()
    {
        using var ear = new AnnouncementRecorder(pool.Net);
        var begin = Usage.Now();
        Fill();
        var heard = Stopwatch.GetTimestamp();
        while (done < courses.Count)
        {
            if (ear.Next(pace.Wait) is { } said)
            {
                heard = Stopwatch.GetTimestamp();
                Hear(said);
            }
            else if (Stopwatch.GetElapsedTime(heard) > Patience)
            {
                throw new TimeoutException(
                    $"The daemon has said nothing for {Patience.TotalSeconds} s; {done} of {courses.Count} jobs are done. Refused: {pool.Refusals()}");
            }

            Fill();
        }

        return new JobRun(courses.Count, Usage.Now() - begin, job, claim, proof);
    }

    private void Hear(Snapshot said)
    {
        switch (said)
        {
            case JobsNew a: Each(a, i => i.Cid, (course, _) => Send(course, Topics.Claims, course.Claim, job)); break;
            case ClaimsAccepted a: Each(a, i => i.JobCid, Prove); break;
            case ProofsAccepted a: Each(a, i => i.JobCid, (course, _) => Finish(course)); break;
            case JobsRejected or ClaimsRejected or ProofsRejected or JobsFailed or ClaimsTimeout:
                throw new InvalidOperationException($"The daemon refused what was right: {pool.Refusals()}");
            default: break; // What it says of itself.
        }
    }

    private void Each<TItem>(Announcement<TItem> said, Func<TItem, Cid> key, Action<JobTracker, TItem> act)
    {
        foreach (var item in said.Items)
        {
            if (open.TryGetValue(key(item), out var course))
            {
                act(course, item);
            }
        }
    }

    private void Prove(JobTracker course, ClaimAcceptedItem item) =>
        Send(course, Topics.Proofs, messages.Sign(messages.Proof(course.Cid, course.Miner, item.Fence, course.Output)).Bytes, claim);

    private void Finish(JobTracker course)
    {
        proof.Add(Stopwatch.GetElapsedTime(course.SentAt).TotalMilliseconds);
        open.Remove(course.Cid);
        done++;
    }

    private void Fill()
    {
        while (sent < courses.Count && pace.Allows(sent, open.Count))
        {
            var course = courses[sent++];
            open.Add(course.Cid, course);
            course.SentAt = Stopwatch.GetTimestamp();
            pool.Net.Send(Topics.Of(Crowd.Pool, Topics.Jobs), course.Job, "clients");
        }
    }

    private void Send(JobTracker course, string topic, ReadOnlyMemory<byte> bytes, List<double> answered)
    {
        answered.Add(Stopwatch.GetElapsedTime(course.SentAt).TotalMilliseconds);
        course.SentAt = Stopwatch.GetTimestamp();
        pool.Net.Send(Topics.Of(Crowd.Pool, topic), bytes, "miners");
    }
}
