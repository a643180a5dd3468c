using SwarmPool.Identity;
using SwarmPool.Runtime.Collections;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// Which jobs could be claimed, the one seen first coming first: what was announced, what came back, and what the pool's
/// state lists. A busy miner goes on filling it, so that nothing is lost while it works.
/// </summary>
/// <remarks>
/// Thread-safe. Bounded: a job beyond <see cref="Capacity"/> is read from the pool's state when there is room again. When there is none, a job of a
/// later line gives way, else one of a client with more jobs here than another.
/// </remarks>
internal sealed class JobWatch(EnsName own, JobFilter filter, JobEventDispatcher dispatcher, ClaimPause pause, IMinerObserver observer, PoolClock clock, TimeProvider time)
{
    // Another miner may do what this one can't, and a job that nobody can do must not cost this miner strike after strike.
    private static readonly TimeSpan LeftToOthers = TimeSpan.FromSeconds(60);

    private const long WaitForOthers = 1000;
    private const long WaitWithClient = 5000;

    /// <summary>The most jobs remembered.</summary>
    public const int Capacity = 10_000;

    private readonly Lock gate = new();
    private readonly CandidateQueue waiting = new(new ClientHistory(Capacity));
    private readonly BoundedCache<Cid, long> places = new(2 * Capacity);
    private readonly BoundedCache<Cid, Closed> closed = new(Capacity);
    private readonly BoundedCache<Cid, long> failedHere = new(Capacity);
    private readonly BoundedCache<long, bool> fences = new(Capacity);
    private TaskCompletionSource changed = NewSignal();
    private long foreign;
    private long unfit;
    private long heard;
    private long seen;

    /// <summary>How many jobs wait here.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <summary>How many announced jobs asked for what this miner does not do: other models, other kinds of job, larger inputs.</summary>
    public long ForeignJobs => Interlocked.Read(ref foreign);

    /// <summary>How many announced jobs asked for more than this miner registered of their models, or pay less than it takes.</summary>
    public long UnfitJobs => Interlocked.Read(ref unfit);

    /// <summary>Hears an announcement of the pool; called by one loop.</summary>
    public void Hear(Snapshot announcement)
    {
        if (announcement is Announcement { ToSequence: var latest } && latest > heard)
        {
            heard = latest;
        }

        switch (announcement)
        {
            // A repeated answer names no position: it tells of now, so of all that was heard before.
            case JobsNew a:
                Each(a, item => Offer(item, a.FromSequence > 0 ? a.FromSequence : heard));
                break;
            case ClaimsAccepted a:
                Each(a, item => Taken(item, a.ToSequence > 0 ? a.ToSequence : heard));
                break;
            case ChecksNew a:
                Each(a, Given);
                break;
            case ProofsAccepted a:
                Each(a, item => Proved(item));
                break;
            case JobsFailed a:
                Each(a, item => Over(item.Cid, true));
                break;
            case JobsCancelled a:
                Each(a, item => Over(item.Cid, true));
                break;
            default:
                break; // Says nothing of what could be claimed.
        }
    }

    /// <summary>A job that waits, as of a journal position. False when it is not for this miner.</summary>
    public bool Offer(JobNewItem item, long sequence)
    {
        switch (filter.Judge(item))
        {
            case JobFit.Foreign:
                Interlocked.Increment(ref foreign);
                return false;
            case JobFit.Unfit:
                Interlocked.Increment(ref unfit);
                return true; // What the miner registers may change, and the job may be for it then.
        }

        lock (gate)
        {
            if (IsOver(item.Deadline)
                || (failedHere.TryGet(item.Cid, out var failedAt) && time.GetElapsedTime(failedAt) < LeftToOthers)
                || (closed.TryGet(item.Cid, out var mark) && !mark.Reopens(item.Attempt, sequence))
                || (waiting.TryGet(item.Cid, out var known) && known.Attempt >= item.Attempt)
                || (waiting.Count >= Capacity && known is null && !waiting.MakeRoom(item.Client)))
            {
                return true;
            }

            var candidate = new Candidate(item.Cid, item.Attempt, item.Deadline)
            {
                Client = item.Client,
                Model = JobFilter.KeyOf(item),
                NotBefore = Clients.IsStranger(item.Client) ? item.ReservedUntil ?? 0 : 0,
                Place = PlaceOf(item.Cid),
            };
            waiting.Add(candidate);
            Signal();
        }

        observer.JobSeen(item);
        return true;
    }

    /// <summary>Forgets the jobs for models that are not offered any more.</summary>
    public void Narrow()
    {
        lock (gate)
        {
            waiting.RemoveWhere(candidate => candidate is { Held: null, Model: { } model } && !filter.Offers(model));
        }
    }

    /// <summary>The next job to try, as soon as there is one and the pool lets this miner claim.</summary>
    public async Task<Candidate> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await pause.WaitAsync(cancellationToken);
            Task signal;
            long? next;
            lock (gate)
            {
                if (waiting.TryTake(clock.NowMs, dispatcher.IsOpen, out next) is { } candidate)
                {
                    if (candidate.Client is { } client)
                    {
                        Clients.Tried(candidate.Job, client);
                    }

                    return candidate;
                }

                signal = changed.Task;
            }

            await WaitAsync(signal, next, cancellationToken);
        }
    }

    /// <summary>The pool keeps the job for others for now, as it does with all of this client's while nothing of them was done here.</summary>
    public void PutBackForLater(Candidate candidate)
    {
        if (candidate.Client is { } client)
        {
            lock (gate)
            {
                Clients.KeptForOthers(client);
            }
        }

        PutBackFor(candidate, WaitForOthers);
    }

    /// <summary>The pool wants this miner to wait with this client's jobs.</summary>
    public void PutBackForClient(Candidate candidate) => PutBackFor(candidate, WaitWithClient);

    /// <summary>The job can be tried again: the pool only asked to wait.</summary>
    public void PutBack(Candidate candidate)
    {
        lock (gate)
        {
            if (!waiting.TryGet(candidate.Job, out _) && waiting.Count < Capacity)
            {
                waiting.AddFirst(candidate);
                Signal();
            }
        }
    }

    /// <summary>This attempt is no longer ours: worked on, refused, or given back.</summary>
    public void CloseAttempt(Cid job, int attempt)
    {
        lock (gate)
        {
            closed.Set(job, new Closed(attempt, long.MaxValue));
        }
    }

    /// <summary>The job could not be done here: for a while its further attempts are left to other miners. Then the pool's state offers it again.</summary>
    public void LeaveToOthers(Cid job)
    {
        lock (gate)
        {
            failedHere.Set(job, time.GetTimestamp());
            Clients.Failed(job);
            waiting.Remove(job); // Its next attempt may have been announced already.
        }
    }

    /// <summary>Remembers a claim that is dealt with, so that its repeated announcement is not taken for another.</summary>
    public void Deal(long fence)
    {
        lock (gate)
        {
            fences.Set(fence, true);
        }
    }

    private ClientHistory Clients => waiting.Clients;

    // When it was seen first: whoever claims it and gives it back must not put it behind what came later.
    private long PlaceOf(Cid job)
    {
        if (!places.TryGet(job, out var place))
        {
            places.Set(job, place = seen++);
        }

        return place;
    }

    private void PutBackFor(Candidate candidate, long ms)
    {
        lock (gate)
        {
            if (!waiting.TryGet(candidate.Job, out _) && waiting.Count < Capacity)
            {
                waiting.Add(candidate with { NotBefore = clock.NowMs + ms, Place = PlaceOf(candidate.Job) });
                Signal();
            }
        }
    }

    private static void Each<TItem>(Announcement<TItem> announcement, Action<TItem> tell)
    {
        foreach (var item in announcement.Items)
        {
            tell(item);
        }
    }

    private void Taken(ClaimAcceptedItem item, long sequence)
    {
        lock (gate)
        {
            if (item.Miner != own)
            {
                if (!closed.TryGet(item.JobCid, out var mark) || mark.Reopens(item.Attempt, sequence))
                {
                    closed.Set(item.JobCid, new Closed(item.Attempt, sequence));
                }

                if (waiting.TryGet(item.JobCid, out var known) && known.Held is null && known.Attempt <= item.Attempt)
                {
                    waiting.Remove(item.JobCid);
                }
            }
            else if (!dispatcher.IsOpen(item.JobCid))
            {
                // Ours, though nobody here waits for it: an answer that came after we gave up, or a claim of a run before this one.
                Hold(new Candidate(item.JobCid, item.Attempt, item.LimitUntil / 1000, item));
            }
        }
    }

    /// <summary>Work that was finished before this miner was started, and that the pool has not seen: it is brought to its end before all else.</summary>
    public void Resume(FinishedWork work)
    {
        lock (gate)
        {
            Hold(new Candidate(work.Claim.JobCid, work.Claim.Attempt, long.MaxValue / 1000, work.Claim));
        }
    }

    /// <summary>Somebody here is done with a job: what waits of it can be taken.</summary>
    public void Wake()
    {
        lock (gate)
        {
            Signal();
        }
    }

    // A check is a claim that nobody raced for. It may come while somebody here has still to hear that the job's claim is lost.
    private void Given(CheckNewItem item)
    {
        if (item.Miner == own)
        {
            lock (gate)
            {
                var claim = new ClaimAcceptedItem(item.JobCid, item.Attempt, own, item.Fence, item.LeaseUntil, item.LimitUntil) { PackCid = item.PackCid, Commit = true };
                if (!Hold(new Candidate(item.JobCid, item.Attempt, item.LimitUntil / 1000, claim) { Check = item }))
                {
                    return;
                }
            }

            observer.CheckGiven(item);
        }
    }

    private bool Hold(Candidate candidate)
    {
        if (fences.TryGet(candidate.Held!.Fence, out _) || waiting.Count >= Capacity)
        {
            return false;
        }

        fences.Set(candidate.Held.Fence, true);
        waiting.AddFirst(candidate);
        Signal();
        return true;
    }

    private void Proved(ProofAcceptedItem item)
    {
        if (item.Decided && item.Miner == own)
        {
            lock (gate)
            {
                Clients.Done(item.JobCid);
            }
        }

        Over(item.JobCid, item.Decided);
    }

    private void Over(Cid job, bool decided)
    {
        if (!decided)
        {
            return; // Another replica may still be wanted.
        }

        lock (gate)
        {
            closed.Set(job, new Closed(int.MaxValue, long.MaxValue));
            waiting.Remove(job);
        }
    }

    private async Task WaitAsync(Task signal, long? next, CancellationToken cancellationToken)
    {
        if (next is null)
        {
            await signal.WaitAsync(cancellationToken);
            return;
        }

        using var waking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(signal, Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, next.Value - clock.NowMs)), time, waking.Token));
        await waking.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private bool IsOver(long deadline) => deadline * 1000 <= clock.NowMs;

    private void Signal()
    {
        changed.TrySetResult();
        changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An attempt that is not open, as of a journal position.</summary>
    private readonly record struct Closed(int Attempt, long Sequence)
    {
        /// <summary>A later attempt is another matter; so is the same attempt when the pool still lists it as waiting (another replica).</summary>
        public bool Reopens(int attempt, long sequence) => attempt > Attempt || (attempt == Attempt && sequence >= Sequence);
    }
}
