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
/// Thread-safe. Bounded: a job beyond <see cref="Capacity"/> is read from the pool's state when there is room again. When there is none, a client
/// with more jobs here than another gives way to it.
/// </remarks>
internal sealed class JobWatch(EnsName own, IReadOnlySet<string> models, JobEventDispatcher dispatcher, ClaimPause pause, IMinerObserver observer, PoolClock clock, TimeProvider time)
{
    // Another miner may do what this one can't, and a job that nobody can do must not cost this miner strike after strike.
    private static readonly TimeSpan LeftToOthers = TimeSpan.FromSeconds(60);

    /// <summary>The most jobs remembered.</summary>
    public const int Capacity = 10_000;

    private readonly Lock gate = new();
    private readonly LinkedList<Candidate> order = new();
    private readonly Dictionary<Cid, LinkedListNode<Candidate>> byJob = [];
    private readonly Dictionary<EnsName, int> ofClient = [];
    private readonly BoundedCache<Cid, Closed> closed = new(Capacity);
    private readonly BoundedCache<Cid, long> failedHere = new(Capacity);
    private readonly BoundedCache<long, bool> fences = new(Capacity);
    private TaskCompletionSource changed = NewSignal();
    private long foreign;
    private long heard;

    /// <summary>How many jobs wait here.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return order.Count;
            }
        }
    }

    /// <summary>How many announced jobs asked for other models.</summary>
    public long ForeignJobs => Interlocked.Read(ref foreign);

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
            case ProofsAccepted a:
                Each(a, item => Over(item.JobCid, item.Decided));
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
        if (!models.Contains(item.Model))
        {
            Interlocked.Increment(ref foreign);
            return false;
        }

        lock (gate)
        {
            if (IsOver(item.Deadline)
                || (failedHere.TryGet(item.Cid, out var failedAt) && time.GetElapsedTime(failedAt) < LeftToOthers)
                || (closed.TryGet(item.Cid, out var mark) && !mark.Reopens(item.Attempt, sequence))
                || (byJob.TryGetValue(item.Cid, out var known) && known.Value.Attempt >= item.Attempt)
                || (order.Count >= Capacity && known is null && !MakeRoom(item.Client)))
            {
                return true;
            }

            Remove(item.Cid);
            Append(new Candidate(item.Cid, item.Attempt, item.Deadline, Client: item.Client));
        }

        observer.JobSeen(item);
        return true;
    }

    /// <summary>The next job to try, as soon as there is one and the pool lets this miner claim.</summary>
    public async Task<Candidate> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await pause.WaitAsync(cancellationToken);
            Task signal;
            lock (gate)
            {
                if (TryTake() is { } candidate)
                {
                    return candidate;
                }

                signal = changed.Task;
            }

            await signal.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The job can be tried again: the pool only asked to wait.</summary>
    public void PutBack(Candidate candidate)
    {
        lock (gate)
        {
            if (!byJob.ContainsKey(candidate.Job) && order.Count < Capacity)
            {
                Place(order.AddFirst(candidate));
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
            Remove(job); // Its next attempt may have been announced already.
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

                if (byJob.TryGetValue(item.JobCid, out var known) && known.Value.Attempt <= item.Attempt)
                {
                    Remove(item.JobCid);
                }
            }
            else if (!dispatcher.IsOpen(item.JobCid) && !fences.TryGet(item.Fence, out _) && order.Count < Capacity)
            {
                // Ours, though nobody here waits for it: an answer that came after we gave up, or a claim of a run before this one.
                fences.Set(item.Fence, true);
                Remove(item.JobCid);
                Place(order.AddFirst(new Candidate(item.JobCid, item.Attempt, item.LimitUntil / 1000, item)));
                Signal();
            }
        }
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
            Remove(job);
        }
    }

    private Candidate? TryTake()
    {
        for (var node = order.First; node is not null;)
        {
            var next = node.Next;
            if (IsOver(node.Value.Deadline))
            {
                Remove(node.Value.Job);
            }
            else if (!dispatcher.IsOpen(node.Value.Job))
            {
                Remove(node.Value.Job);
                return node.Value;
            }

            node = next;
        }

        return null;
    }

    private void Append(Candidate candidate)
    {
        Place(order.AddLast(candidate));
        Signal();
    }

    private void Place(LinkedListNode<Candidate> node)
    {
        byJob[node.Value.Job] = node;
        ofClient[node.Value.Client] = ofClient.GetValueOrDefault(node.Value.Client) + 1;
    }

    // The newest job of the client that has most of them here makes room, if it has more than whoever comes.
    private bool MakeRoom(EnsName client)
    {
        var (most, count) = ofClient.MaxBy(static one => one.Value);
        if (count <= ofClient.GetValueOrDefault(client) + 1)
        {
            return false;
        }

        var last = order.Last!;
        while (last.Value.Client != most)
        {
            last = last.Previous!;
        }

        Remove(last.Value.Job);
        return true;
    }

    private void Remove(Cid job)
    {
        if (byJob.Remove(job, out var node))
        {
            order.Remove(node);
            if (--ofClient[node.Value.Client] == 0)
            {
                ofClient.Remove(node.Value.Client);
            }
        }
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

/// <summary>A job that could be worked on: one to race for, or one that the pool already gave to this miner.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Deadline">Unix seconds.</param>
/// <param name="Held">The claim, when the pool gave it to this miner already (an answer that came late, or a run before this one).</param>
/// <param name="Client">Whose job it is; empty where that was not told.</param>
internal sealed record Candidate(Cid Job, int Attempt, long Deadline, ClaimAcceptedItem? Held = null, EnsName Client = default);
